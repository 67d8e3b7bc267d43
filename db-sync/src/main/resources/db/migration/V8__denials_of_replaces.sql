-- Denied replaces have been told from cancels since; and orders that could not be read are recorded, too.

COMMENT ON COLUMN denials.request IS 'order, cancel or replace; before version 8 of these tables a replace stood as cancel.';
COMMENT ON COLUMN denials.client_order_id IS 'Name that the sender gave the order; NULL for a cancel or a replace, and for an order that could not be read so far.';
COMMENT ON COLUMN denials.order_id IS 'Order that was to be canceled or replaced; NULL for an order.';
