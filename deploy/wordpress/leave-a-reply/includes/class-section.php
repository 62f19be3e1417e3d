<?php
/**
 * The section, in place of the theme's list and form.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/** Puts the section below posts, once below each, whatever the theme has there. */
final class Section {

	const SCRIPT = 'leave-a-reply';

	/** The blocks of which one is enough: the first becomes the section, all others are left out. */
	const BLOCKS = array(
		'core/comments',
		'core/comments-query-loop',
		'core/post-comments',
		'core/post-comments-form',
		'core/comments-title',
		'core/comment-template',
		'core/comments-pagination',
	);

	/**
	 * The posts whose section stands on the page already.
	 *
	 * @var array<int, bool>
	 */
	private static $shown = array();

	/** Hook into WordPress. */
	public static function start() {
		add_filter( 'comments_template', array( __CLASS__, 'template' ), 100 );
		add_filter( 'pre_render_block', array( __CLASS__, 'block' ), 10, 2 );
		add_filter( 'script_loader_tag', array( __CLASS__, 'script_tag' ), 10, 3 );
	}

	/**
	 * Tell whether the comments of a post are kept on the server.
	 *
	 * @param \WP_Post|int|null $post The post, or the current one.
	 */
	public static function takes( $post = null ) {
		return Options::shows_section()
			&& in_array( get_post_type( $post ), (array) Options::get( 'post_types' ), true );
	}

	/**
	 * Have a classic theme load our template.
	 *
	 * @param string $path The path of the theme's.
	 */
	public static function template( $path ) {
		return self::takes() ? dirname( __DIR__ ) . '/templates/comments.php' : $path;
	}

	/**
	 * Have a block theme show the section.
	 *
	 * @param string|null $rendered What another plugin has made of the block.
	 * @param array       $block    The block.
	 */
	public static function block( $rendered, $block ) {
		if ( ! in_array( $block['blockName'] ?? '', self::BLOCKS, true ) || ! self::takes() ) {
			return $rendered;
		}
		return comments_open() || get_comments_number() ? self::html( get_post() ) : '';
	}

	/**
	 * Return the section of a post; nothing for one that not everybody may read, or the second time.
	 *
	 * @param \WP_Post $post The post.
	 */
	public static function html( $post ) {
		if ( isset( self::$shown[ $post->ID ] ) || 'publish' !== $post->post_status || post_password_required( $post ) ) {
			return '';
		}
		self::$shown[ $post->ID ] = true;
		wp_enqueue_script( self::SCRIPT, Server::url( '/embed.js' ), array(), null, true ); // phpcs:ignore WordPress.WP.EnqueuedResourceParameters.MissingVersion -- The server says how long it may be kept.
		$address = get_permalink( $post );
		$title   = self::title( $post );
		// What themes link to stands on the wrapper: #comments where there are some, else #respond.
		return sprintf(
			'<div id="comments" class="comments-area leave-a-reply"><div id="respond"><leave-a-reply site="%1$s" url="%2$s" page-title="%3$s"%4$s><a href="%5$s">%6$s</a></leave-a-reply></div></div>',
			esc_attr( Options::get( 'site' ) ),
			esc_url( $address ),
			esc_attr( $title ),
			self::sign_on( $post ),
			esc_url( self::page_without_script( $address ) ),
			esc_html__( 'Leave a reply', 'leave-a-reply' )
		);
	}

	/**
	 * Return a post's title as plain text.
	 *
	 * @param \WP_Post $post The post.
	 */
	public static function title( $post ) {
		return wp_strip_all_tags( html_entity_decode( get_the_title( $post ), ENT_QUOTES, 'UTF-8' ) );
	}

	/**
	 * Return the address of a post's thread as a page of its own, which needs no JavaScript.
	 *
	 * @param string $address The post's address.
	 */
	public static function page_without_script( $address ) {
		return Server::url( '/sites/' . rawurlencode( Options::get( 'site' ) ) . '/thread', array( array( 'url', $address ) ) );
	}

	/**
	 * Return the attribute that signs a logged-in reader on.
	 *
	 * @param \WP_Post $post The post.
	 */
	private static function sign_on( $post ) {
		$token = Sign_On::token( $post );
		return $token ? sprintf( ' sign-on="%s"', esc_attr( $token ) ) : '';
	}

	/**
	 * Load the script as the module that it is.
	 *
	 * @param string $tag    The tag.
	 * @param string $handle Which script it is of.
	 * @param string $src    The script's address.
	 */
	public static function script_tag( $tag, $handle, $src ) {
		if ( self::SCRIPT !== $handle ) {
			return $tag;
		}
		return wp_get_script_tag(
			array(
				'type' => 'module',
				'src'  => $src,
				'id'   => 'leave-a-reply-js',
			)
		);
	}
}
