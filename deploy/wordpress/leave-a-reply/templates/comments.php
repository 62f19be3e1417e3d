<?php
/**
 * What a classic theme shows in place of its comments.php.
 *
 * @package Leave_A_Reply
 */

defined( 'ABSPATH' ) || exit;

echo Leave_A_Reply\Section::html( get_post() ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped where it is made.
