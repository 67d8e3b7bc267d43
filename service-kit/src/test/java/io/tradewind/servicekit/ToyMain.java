package io.tradewind.servicekit;

/** A program with one toy in it, to be run as a real process. */
public final class ToyMain {
    private ToyMain() {}

    public static void main(String[] args) {
        ServiceMain.run(new Toys().toy("toy"), vertx -> {}, args);
    }
}
