<?php
/**
 * Plugin Name:       Leave a Reply
 * Description:       Puts the comment section of your own Leave a Reply on posts, in place of the theme's.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * Author:            The Leave a Reply authors
 * License:           MIT
 * License URI:       https://opensource.org/license/mit
 * Text Domain:       leave-a-reply
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

$leave_a_reply_parts = array(
	'akismet-route',
	'options',
	'server',
	'sign-on',
	'section',
	'pages',
	'closing',
	'counts',
	'comment-file',
	'import-job',
	'import-page',
	'connection-test',
	'fields',
	'settings',
);
foreach ( $leave_a_reply_parts as $leave_a_reply_part ) {
	require_once __DIR__ . "/includes/class-{$leave_a_reply_part}.php";
}

Section::start();
Pages::start();
Closing::start();
Sign_On::start();
Counts::start();
Import_Job::start();
Import_Page::start();
Akismet_Route::start();
Settings::start( plugin_basename( __FILE__ ) );

register_deactivation_hook( __FILE__, array( Counts::class, 'stop' ) );
register_deactivation_hook( __FILE__, array( Import_Job::class, 'stop' ) );
