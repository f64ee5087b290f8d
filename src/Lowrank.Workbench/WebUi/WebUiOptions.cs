using System.Collections.Frozen;

namespace Lowrank.Workbench;

/// <summary>AUTOMATIC1111's settings (1.10.1) as far as they bear on pictures; each with its default until it is overridden.</summary>
public sealed class WebUiOptions
{
    // Beside those that pictures' texts carry.
    static readonly WebUiSetting[] others =
    [
        Untold("img2img_fix_steps", false), Untold("img2img_background_color", "#ffffff"), Untold("img2img_color_correction", false),
        Untold("comma_padding_backtrack", 20L), Untold("overlay_inpaint", true), Untold("enable_prompt_comments", true),
        Untold("use_old_karras_scheduler_sigmas", false), Untold("use_old_hires_fix_width_height", false),
        Untold("lora_add_hashes_to_infotext", true), Untold("textual_inversion_add_hashes_to_infotext", true),
        Untold("add_model_hash_to_info", true), Untold("add_model_name_to_info", true), Untold("add_vae_hash_to_info", true),
        Untold("add_vae_name_to_info", true), Untold("add_version_to_infotext", true), Untold("beta_dist_alpha", 0.6),
    ];

    static readonly FrozenDictionary<string, WebUiSetting> known =
        WebUiSettings.All.Concat(others).DistinctBy(setting => setting.Name).ToFrozenDictionary(setting => setting.Name);

    readonly IReadOnlyDictionary<string, object> changed;

    WebUiOptions(IReadOnlyDictionary<string, object> changed) => this.changed = changed;

    /// <summary>Every setting at its default.</summary>
    public static WebUiOptions Default { get; } = new(new Dictionary<string, object>());

    /// <summary>The same with one setting otherwise.</summary>
    /// <param name="name">Its name there: "CLIP_stop_at_last_layers".</param>
    /// <param name="value">A bool, long, double or string.</param>
    /// <exception cref="LowrankException">There is none of that name here, or the value is not of its kind.</exception>
    public WebUiOptions With(string name, object value)
    {
        if (!known.TryGetValue(name, out var setting))
            throw new LowrankException($"there is no setting \"{name}\" here (nearest: " +
                $"{string.Join(", ", NearestNames.To(name, known.Keys))})");
        return new(new Dictionary<string, object>(changed) { [name] = setting.Cast(value) });
    }

    /// <summary>Settings that are not at their default and that nothing here heeds, a sentence each.</summary>
    public IEnumerable<string> NotHeeded =>
        changed.Where(pair => unheeded.Contains(pair.Key) && !pair.Value.Equals(known[pair.Key].Default))
            .Select(pair => $"the setting {pair.Key} is not used: it is not done here");

    static readonly FrozenSet<string> unheeded = FrozenSet.ToFrozenSet(
    [
        "token_merging_ratio", "token_merging_ratio_hr", "face_restoration", "hypertile_enable_unet", "hypertile_enable_unet_secondpass",
        "hypertile_enable_vae", "sd_vae_encode_method", "sd_vae_decode_method",
    ]);

    internal bool OldEditing => Flag("use_old_scheduling");
    internal bool Downcasts => Flag("use_downcasted_alpha_bar");
    internal bool RefinesBySteps => Flag("refiner_switch_by_sample_steps");
    internal double MinSigma => Number("s_min_uncond");
    internal bool MinSigmaInAll => Flag("s_min_uncond_all");
    internal bool PadsConditions => Flag("pad_cond_uncond");
    internal double EtaDdim => Number("eta_ddim");
    internal double EtaAncestral => Number("eta_ancestral");
    internal double Churn => Number("s_churn");
    internal double ChurnFrom => Number("s_tmin");
    internal double ChurnTo => Number("s_tmax");
    internal double NoiseScale => Number("s_noise");
    internal long SeedDelta => Whole("eta_noise_seed_delta");
    internal bool SgmNoise => Flag("sgm_noise_multiplier");
    internal string NoiseSchedule => Text("sd_noise_schedule");
    internal double SkipEarly => Number("skip_early_cond");
    internal string? Checkpoint => changed.GetValueOrDefault("sd_model_checkpoint") as string;
    internal string EmphasisName => Text("emphasis");
    internal int ClipSkip => (int)Whole("CLIP_stop_at_last_layers");
    internal string RandomSource => Text("randn_source");
    internal bool Tiling => Flag("tiling");
    internal string HiresRefinerPass => Text("hires_fix_refiner_pass");
    internal string VaeName => Text("sd_vae");
    internal double MaskWeight => Number("inpainting_mask_weight");
    internal double NoiseMultiplier => Number("initial_noise_multiplier");
    internal double ExtraNoise => Number("img2img_extra_noise");
    internal string UniPcVariant => Text("uni_pc_variant");
    internal string UniPcSkipType => Text("uni_pc_skip_type");
    internal int UniPcOrder => (int)Whole("uni_pc_order");
    internal bool UniPcLowerOrderFinal => Flag("uni_pc_lower_order_final");
    internal bool ExactSteps => Flag("img2img_fix_steps");
    internal string BackgroundColour => Text("img2img_background_color");
    internal bool CorrectsColours => Flag("img2img_color_correction");
    internal int Backtrack => (int)Whole("comma_padding_backtrack");
    internal bool Overlays => Flag("overlay_inpaint");
    internal bool StripsComments => Flag("enable_prompt_comments");
    internal bool OldFirstPass => Flag("use_old_hires_fix_width_height");
    internal bool TellsAdapters => Flag("lora_add_hashes_to_infotext");
    internal bool TellsWords => Flag("textual_inversion_add_hashes_to_infotext");
    internal bool TellsModelHash => Flag("add_model_hash_to_info");
    internal bool TellsModelName => Flag("add_model_name_to_info");
    internal bool TellsVaeHash => Flag("add_vae_hash_to_info");
    internal bool TellsVaeName => Flag("add_vae_name_to_info");
    internal bool TellsVersion => Flag("add_version_to_infotext");

    internal Emphasis Emphasis => WebUiEncoding.EmphasisNamed(EmphasisName) ?? Emphasis.Original;   // what is unknown, too

    internal WebUiSigmaSettings Sigmas => new()
    {
        AlwaysDiscardPenultimate = Flag("always_discard_next_to_last_sigma"),
        OldKarrasBounds = Flag("use_old_karras_scheduler_sigmas"),
        Min = Number("sigma_min"),
        Max = Number("sigma_max"),
        Rho = Number("rho"),
        Alpha = Number("beta_dist_alpha"),
        Beta = Number("beta_dist_beta"),
    };

    static WebUiSetting Untold(string name, object value) => new(name, name, value);

    object Of(string name) => changed.GetValueOrDefault(name) ?? known[name].Default!;

    bool Flag(string name) => (bool)Of(name);

    double Number(string name) => (double)Of(name);

    long Whole(string name) => (long)Of(name);

    string Text(string name) => (string)Of(name);
}
