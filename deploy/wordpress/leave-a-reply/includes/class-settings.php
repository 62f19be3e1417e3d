<?php
/**
 * The settings page.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/** *Settings → Leave a Reply*, for whoever may manage options. */
final class Settings {

	const PAGE       = 'leave-a-reply';
	const CAPABILITY = 'manage_options';
	const TEST       = 'leave_a_reply_test';

	/**
	 * Hook into WordPress.
	 *
	 * @param string $plugin The plugin's name among the plugins.
	 */
	public static function start( $plugin ) {
		add_action( 'admin_menu', array( __CLASS__, 'add_page' ) );
		add_action( 'admin_init', array( __CLASS__, 'register' ) );
		add_action( 'admin_post_' . self::TEST, array( __CLASS__, 'test' ) );
		add_filter( "plugin_action_links_$plugin", array( __CLASS__, 'link' ) );
	}

	/** Return the page's address. */
	public static function url() {
		return admin_url( 'options-general.php?page=' . self::PAGE );
	}

	/** Add the page to the menu. */
	public static function add_page() {
		$name = __( 'Leave a Reply', 'leave-a-reply' );
		add_options_page( $name, $name, self::CAPABILITY, self::PAGE, array( __CLASS__, 'show' ) );
	}

	/**
	 * Add a link to the page to the list of plugins.
	 *
	 * @param string[] $links The links.
	 */
	public static function link( $links ) {
		return array_merge( array( sprintf( '<a href="%s">%s</a>', esc_url( self::url() ), esc_html__( 'Settings', 'leave-a-reply' ) ) ), $links );
	}

	/** Declare the fields. */
	public static function register() {
		register_setting( self::PAGE, Options::NAME, array( 'sanitize_callback' => array( Options::class, 'sanitize' ) ) );
		add_settings_section( 'server', __( 'Server', 'leave-a-reply' ), '__return_null', self::PAGE );
		self::add_field( 'server', 'url', __( 'Address', 'leave-a-reply' ), 'text', __( 'Of your Leave a Reply, such as https://comments.example.', 'leave-a-reply' ) );
		self::add_field( 'server', 'site', __( 'Site', 'leave-a-reply' ), 'text', __( 'The slug of your site there.', 'leave-a-reply' ) );
		self::add_field( 'server', 'key', __( 'Key', 'leave-a-reply' ), 'secret', __( 'With the scope threads: posts are named there, and closed where they are closed here. With transfer: comments are imported.', 'leave-a-reply' ) );
		self::add_field( 'server', 'sign_on_secret', __( 'Secret of single sign-on', 'leave-a-reply' ), 'secret', __( 'Who is logged in here writes with the name of the account. Printed by set_sign_on.', 'leave-a-reply' ) );
		add_settings_section( 'section', __( 'Section', 'leave-a-reply' ), '__return_null', self::PAGE );
		self::add_field( 'section', 'section', __( 'Show it', 'leave-a-reply' ), 'checkbox', __( 'in place of the theme’s comments and form', 'leave-a-reply' ) );
		self::add_field( 'section', 'post_types', __( 'Below', 'leave-a-reply' ), 'post_types', '' );
		add_settings_section( 'akismet', __( 'The Akismet plugin', 'leave-a-reply' ), '__return_null', self::PAGE );
		self::add_field( 'akismet', 'akismet', __( 'Lead it', 'leave-a-reply' ), 'akismet', __( 'For forms of other plugins, and for comments where the section is not shown.', 'leave-a-reply' ) );
		self::add_field( 'akismet', 'akismet_key', __( 'Key', 'leave-a-reply' ), 'secret', __( 'Of the scope akismet; in the mode shadow for a copy.', 'leave-a-reply' ) );
	}

	/**
	 * Declare one field.
	 *
	 * @param string $section Where it stands.
	 * @param string $name    The setting.
	 * @param string $label   What it is called.
	 * @param string $kind    The method of `Fields` that prints it.
	 * @param string $help    What stands below it.
	 */
	private static function add_field( $section, $name, $label, $kind, $help ) {
		$arguments = array(
			'name'      => $name,
			'help'      => $help,
			'label_for' => 'post_types' === $kind || 'checkbox' === $kind ? '' : "leave-a-reply-$name",
		);
		add_settings_field( $name, $label, array( Fields::class, $kind ), self::PAGE, $section, $arguments );
	}

	/** Print the page. */
	public static function show() {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			return;
		}
		echo '<div class="wrap"><h1>' . esc_html( get_admin_page_title() ) . '</h1>';
		self::show_test_results();
		echo '<form method="post" action="options.php">';
		settings_fields( self::PAGE );
		do_settings_sections( self::PAGE );
		submit_button();
		echo '</form>';
		self::show_button( self::TEST, __( 'Test the connection', 'leave-a-reply' ) );
		echo '</div>';
	}

	/**
	 * Print a form that is one button.
	 *
	 * @param string $action What it does.
	 * @param string $label  What it is called.
	 */
	public static function show_button( $action, $label ) {
		printf( '<form method="post" action="%s" style="display: inline-block; margin-inline-end: 1em">', esc_url( admin_url( 'admin-post.php' ) ) );
		printf( '<input type="hidden" name="action" value="%s">', esc_attr( $action ) );
		wp_nonce_field( $action );
		submit_button( $label, 'secondary', 'submit', false );
		echo '</form>';
	}

	/**
	 * Require that whoever sent a button's form may, and meant to.
	 *
	 * @param string $action What it does.
	 */
	public static function require_permission( $action ) {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'You may not do this.', 'leave-a-reply' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( $action );
	}

	/** Test the connection, and show the results on the page. */
	public static function test() {
		self::require_permission( self::TEST );
		set_transient( self::results_name(), Connection_Test::run(), MINUTE_IN_SECONDS );
		wp_safe_redirect( self::url() );
		exit;
	}

	/** Print the results of a test, once. */
	private static function show_test_results() {
		$results = get_transient( self::results_name() );
		delete_transient( self::results_name() );
		foreach ( $results ? $results : array() as list( $good, $sentence ) ) {
			printf( '<div class="notice notice-%s"><p>%s</p></div>', $good ? 'success' : 'error', esc_html( $sentence ) );
		}
	}

	/** Return where the results of this user's test are kept. */
	private static function results_name() {
		return self::TEST . '_' . get_current_user_id();
	}
}
