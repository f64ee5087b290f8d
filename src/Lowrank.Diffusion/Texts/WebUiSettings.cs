namespace Lowrank.Diffusion;

/// <summary>The settings of AUTOMATIC1111 that a picture's text may carry, with its defaults, in its order.</summary>
/// <remarks>
/// Source: modules/shared_options.py and the extensions that come with it, at 82a973c. "Beta scheduler alpha" is what it reads; it writes
/// "Beta schedule alpha", which does not come back.
/// </remarks>
public static class WebUiSettings
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<WebUiSetting> All { get; } =
    [
        new("Old prompt editing timelines", "use_old_scheduling", false),
        new("Downcast alphas_cumprod", "use_downcasted_alpha_bar", false),
        new("Refiner switch by sampling steps", "refiner_switch_by_sample_steps", false),
        new("NGMS", "s_min_uncond", 0.0),
        new("NGMS all steps", "s_min_uncond_all", false),
        new("Token merging ratio", "token_merging_ratio", 0.0),
        new("Token merging ratio hr", "token_merging_ratio_hr", 0.0),
        new("Pad conds", "pad_cond_uncond", false),
        new("Pad conds v0", "pad_cond_uncond_v0", false),
        new("Eta DDIM", "eta_ddim", 0.0),
        new("Eta", "eta_ancestral", 1.0),
        new("Sigma churn", "s_churn", 0.0),
        new("Sigma tmin", "s_tmin", 0.0),
        new("Sigma tmax", "s_tmax", 0.0),
        new("Sigma noise", "s_noise", 1.0),
        new("Schedule min sigma", "sigma_min", 0.0),
        new("Schedule max sigma", "sigma_max", 0.0),
        new("Schedule rho", "rho", 0.0),
        new("ENSD", "eta_noise_seed_delta", 0L),
        new("Discard penultimate sigma", "always_discard_next_to_last_sigma", false),
        new("SGM noise multiplier", "sgm_noise_multiplier", false),
        new("UniPC variant", "uni_pc_variant", "bh1"),
        new("UniPC skip type", "uni_pc_skip_type", "time_uniform"),
        new("UniPC order", "uni_pc_order", 3L),
        new("UniPC lower order final", "uni_pc_lower_order_final", true),
        new("Noise Schedule", "sd_noise_schedule", "Default"),
        new("Skip Early CFG", "skip_early_cond", 0.0),
        new("Beta scheduler alpha", "beta_dist_alpha", 0.6),
        new("Beta scheduler beta", "beta_dist_beta", 0.6),
        new(ModelHash, "sd_model_checkpoint", null),
        new("Emphasis", "emphasis", "Original"),
        new("Clip skip", "CLIP_stop_at_last_layers", 1L),
        new("RNG", "randn_source", "GPU"),
        new("Tiling", "tiling", false),
        new("Hires refiner", "hires_fix_refiner_pass", "second pass"),
        new("VAE", "sd_vae", "Automatic"),
        new("VAE Encoder", "sd_vae_encode_method", "Full"),
        new("VAE Decoder", "sd_vae_decode_method", "Full"),
        new("Conditional mask weight", "inpainting_mask_weight", 1.0),
        new("Noise multiplier", "initial_noise_multiplier", 1.0),
        new("Extra noise", "img2img_extra_noise", 0.0),
        new("Face restoration", "face_restoration", false),
        new("Hypertile U-Net", "hypertile_enable_unet", false),
        new("Hypertile U-Net second pass", "hypertile_enable_unet_secondpass", false),
        new("Hypertile U-Net max depth", "hypertile_max_depth_unet", 3L),
        new("Hypertile U-Net max tile size", "hypertile_max_tile_unet", 256L),
        new("Hypertile U-Net swap size", "hypertile_swap_size_unet", 3L),
        new("Hypertile VAE", "hypertile_enable_vae", false),
        new("Hypertile VAE max depth", "hypertile_max_depth_vae", 3L),
        new("Hypertile VAE max tile size", "hypertile_max_tile_vae", 128L),
        new("Hypertile VAE swap size", "hypertile_swap_size_vae", 3L),
    ];

    const string ModelHash = "Model hash";

    /// <summary>Settings of pairs that a user wrote, "Clip skip: 2", by the settings' names; labels that are none are left out.</summary>
    /// <exception cref="LowrankException">A pair has no colon, or a value cannot be read.</exception>
    public static IReadOnlyDictionary<string, object> OfPairs(IEnumerable<string> pairs)
    {
        var given = new Dictionary<string, object>();
        foreach (string pair in pairs)
        {
            int colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) throw new LowrankException($"\"{pair}\" is no setting with a value. Write it as in \"Clip skip: 2\".");
            given[pair[..colon]] = pair[(colon + 1)..].Trim();
        }
        return All.Where(setting => given.ContainsKey(setting.Label))
            .ToDictionary(setting => setting.Name, setting => setting.Cast(given[setting.Label]));
    }

    /// <summary>The settings that a text's values change, in this order. The model is chosen otherwise.</summary>
    /// <param name="values">Values by their labels.</param>
    /// <exception cref="LowrankException">A value cannot be read.</exception>
    public static IReadOnlyList<(WebUiSetting Setting, object Value)> Changed(IReadOnlyDictionary<string, object> values)
    {
        var changed = new List<(WebUiSetting, object)>();
        foreach (var setting in All.Where(setting => setting.Label != ModelHash && values.ContainsKey(setting.Label)))
        {
            var value = setting.Cast(values[setting.Label]);
            if (!value.Equals(setting.Default)) changed.Add((setting, value));
        }
        return changed;
    }
}
