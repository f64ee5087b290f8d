using System.Text.Json.Nodes;

namespace Lowrank.Diffusion;

/// <summary>The axes of AUTOMATIC1111's X/Y/Z plot, over the body of a request to its programming interface.</summary>
/// <param name="files">The models that values may name.</param>
/// <remarks>Source: AUTOMATIC1111, scripts/xyz_grid.py and extensions-builtin/hypertile/hypertile_xyz.py, at 1.10.1.</remarks>
public sealed class WebUiAxes(WebUiFiles files)
{
    // How slow each is to change, as the web UI has it.
    const double CostOfVae = 0.7, CostOfOrder = 0.5, CostOfStorage = 0.9, CostOfModel = 1;

    /// <summary>Axes of every request.</summary>
    /// <param name="fromPicture">Whether the request begins with a picture (img2img).</param>
    public IReadOnlyList<GridAxis<JsonObject>> All(bool fromPicture = false)
    {
        IEnumerable<(GridAxis<JsonObject> Axis, bool? FromPicture)> all = [.. Basic(), .. Sampling(), .. Models(), .. Tiles()];
        return [.. all.Where(one => one.FromPicture is not { } only || only == fromPicture).Select(one => one.Axis)];
    }

    /// <summary>The axis of that name; large and small letters make no difference.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public GridAxis<JsonObject> Named(string name, bool fromPicture = false)
    {
        var axes = All(fromPicture);
        if (axes.FirstOrDefault(axis => axis.Label.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)) is { } found) return found;
        throw new LowrankException($"there is no axis \"{name}\"; {NearestNames.Told(name, axes.Select(axis => axis.Label))}");
    }

    /// <summary>How a grid finds size and seed in such a request.</summary>
    public static GridSubject<JsonObject> Subject { get; } = new(
        job => (WebUiJob.Whole(job, "width", 512), WebUiJob.Whole(job, "height", 512)),
        (job, later) => WebUiJob.With(job, "seed", WebUiJob.Long(job, "seed", 0) + later),
        () => Random.Shared.NextInt64(WebUiJob.Seeds));

    IEnumerable<(GridAxis<JsonObject> Axis, bool? FromPicture)> Basic() =>
    [
        (new("Nothing", GridValueKind.Text, (job, _, _) => job) { LabelOf = _ => "" }, null),
        (Field("Seed", GridValueKind.Whole, "seed") with { HoldsSeeds = true }, null),
        (Field("Var. seed", GridValueKind.Whole, "subseed") with { HoldsSeeds = true }, null),
        (Field("Var. strength", GridValueKind.Number, "subseed_strength"), null),
        (Field("Steps", GridValueKind.Whole, "steps"), null),
        (Field("Hires steps", GridValueKind.Whole, "hr_second_pass_steps"), false),
        (Field("CFG Scale", GridValueKind.Number, "cfg_scale"), null),
        (Field("Image CFG Scale", GridValueKind.Number, "image_cfg_scale"), true),
        (new("Prompt S/R", GridValueKind.Text, WebUiJob.Replaced) { LabelOf = value => value.Text }, null),
        (new("Prompt order", GridValueKind.Order, WebUiJob.Reordered) { LabelOf = value => value.Text }, null),
        (Field("Sampler", GridValueKind.Text, "sampler_name") with { Check = CheckSamplers, LabelOf = value => value.Text }, false),
        (Field("Hires sampler", GridValueKind.Text, "hr_sampler_name") with { Check = CheckSamplers }, false),
        (Field("Sampler", GridValueKind.Text, "sampler_name") with { Check = CheckSamplers, LabelOf = value => value.Text }, true),
        (new("Checkpoint name", GridValueKind.Text, SetCheckpoint)
            { Check = CheckCheckpoints, LabelOf = FileName, Cost = CostOfModel }, null),
    ];

    static IEnumerable<(GridAxis<JsonObject> Axis, bool? FromPicture)> Sampling() =>
    [
        (Field("Negative Guidance minimum sigma", GridValueKind.Number, "s_min_uncond"), null),
        (Field("Sigma Churn", GridValueKind.Number, "s_churn"), null),
        (Field("Sigma min", GridValueKind.Number, "s_tmin"), null),
        (Field("Sigma max", GridValueKind.Number, "s_tmax"), null),
        (Field("Sigma noise", GridValueKind.Number, "s_noise"), null),
        (Field("Schedule type", GridValueKind.Text, "scheduler"), null),
        (Setting("Schedule min sigma", GridValueKind.Number, "sigma_min"), null),
        (Setting("Schedule max sigma", GridValueKind.Number, "sigma_max"), null),
        (Setting("Schedule rho", GridValueKind.Number, "rho"), null),
        (Setting("Beta schedule alpha", GridValueKind.Number, "beta_dist_alpha"), null),
        (Setting("Beta schedule beta", GridValueKind.Number, "beta_dist_beta"), null),
        (Field("Eta", GridValueKind.Number, "eta"), null),
        (Setting("Clip skip", GridValueKind.Whole, "CLIP_stop_at_last_layers"), null),
        (Field("Denoising", GridValueKind.Number, "denoising_strength"), null),
        (Field("Initial noise multiplier", GridValueKind.Number, "initial_noise_multiplier"), null),
        (Setting("Extra noise", GridValueKind.Number, "img2img_extra_noise"), null),
        (Field("Hires upscaler", GridValueKind.Text, "hr_upscaler"), false),
        (Field("Cond. Image Mask Weight", GridValueKind.Number, "inpainting_mask_weight"), true),
    ];

    IEnumerable<(GridAxis<JsonObject> Axis, bool? FromPicture)> Models() =>
    [
        (new("VAE", GridValueKind.Text, SetVae) { Cost = CostOfVae }, null),
        (new("Styles", GridValueKind.Text, WebUiJob.Styled), null),
        (new("UniPC Order", GridValueKind.Whole, WebUiJob.Ordered) { Cost = CostOfOrder }, null),
        (new("Face restore", GridValueKind.Text, WebUiJob.FaceRestored) { LabelOf = value => value.Text }, null),
        (Setting("Token merging ratio", GridValueKind.Number, "token_merging_ratio"), null),
        (Setting("Token merging ratio high-res", GridValueKind.Number, "token_merging_ratio_hr"), null),
        (Switch("Always discard next-to-last sigma", "always_discard_next_to_last_sigma"), null),
        (Switch("SGM noise multiplier", "sgm_noise_multiplier"), null),
        (Field("Refiner checkpoint", GridValueKind.Text, "refiner_checkpoint") with
            { Check = CheckCheckpointsOrNone, LabelOf = FileName, Cost = CostOfModel }, null),
        (Field("Refiner switch at", GridValueKind.Number, "refiner_switch_at"), null),
        (Setting("RNG source", GridValueKind.Text, "randn_source"), null),
        (Setting("FP8 mode", GridValueKind.Text, "fp8_storage") with { Cost = CostOfStorage }, null),
        (new("Size", GridValueKind.Text, WebUiJob.Sized), null),
    ];

    static IEnumerable<(GridAxis<JsonObject> Axis, bool? FromPicture)> Tiles() =>
    [
        (Switch("[Hypertile] Unet First pass Enabled", "hypertile_enable_unet"), null),
        (Switch("[Hypertile] Unet Second pass Enabled", "hypertile_enable_unet_secondpass"), null),
        (Setting("[Hypertile] Unet Max Depth", GridValueKind.Whole, "hypertile_max_depth_unet"), null),
        (Setting("[Hypertile] Unet Max Tile Size", GridValueKind.Whole, "hypertile_max_tile_unet"), null),
        (Setting("[Hypertile] Unet Swap Size", GridValueKind.Whole, "hypertile_swap_size_unet"), null),
        (Switch("[Hypertile] VAE Enabled", "hypertile_enable_vae"), null),
        (Setting("[Hypertile] VAE Max Depth", GridValueKind.Whole, "hypertile_max_depth_vae"), null),
        (Setting("[Hypertile] VAE Max Tile Size", GridValueKind.Whole, "hypertile_max_tile_vae"), null),
        (Setting("[Hypertile] VAE Swap Size", GridValueKind.Whole, "hypertile_swap_size_vae"), null),
    ];

    static GridAxis<JsonObject> Field(string label, GridValueKind kind, string field) =>
        new(label, kind, (job, value, _) => WebUiJob.With(job, field, WebUiJob.Node(value, kind)));

    static GridAxis<JsonObject> Setting(string label, GridValueKind kind, string setting) =>
        new(label, kind, (job, value, _) => WebUiJob.WithSetting(job, setting, WebUiJob.Node(value, kind)));

    // On for "true" in any letters; off for every other word.
    static GridAxis<JsonObject> Switch(string label, string setting) => new(label, GridValueKind.Text, (job, value, _) =>
        WebUiJob.WithSetting(job, setting, value.Text.Equals("true", StringComparison.OrdinalIgnoreCase)));

    static string FileName(GridValue value) => value.Text[(value.Text.LastIndexOf('/') + 1)..];

    // Here alone, large and small letters make no difference, and aliases count.
    static void CheckSamplers(JsonObject job, IReadOnlyList<GridValue> values)
    {
        string[] known = [.. WebUiSamplers.All.SelectMany(sampler => (string[])[sampler.Label, .. sampler.Aliases])];
        if (values.FirstOrDefault(value => !known.Contains(value.Text, StringComparer.OrdinalIgnoreCase)) is not { } unknown) return;
        throw new LowrankException($"there is no sampler \"{unknown.Text}\"; {NearestNames.Told(unknown.Text, known)}");
    }

    JsonObject SetCheckpoint(JsonObject job, GridValue value, IReadOnlyList<GridValue> all) =>
        WebUiJob.WithSetting(job, "sd_model_checkpoint", files.Checkpoint(value.Text).Name);

    void CheckCheckpoints(JsonObject job, IReadOnlyList<GridValue> values)
    {
        foreach (var value in values) _ = files.Checkpoint(value.Text);
    }

    void CheckCheckpointsOrNone(JsonObject job, IReadOnlyList<GridValue> values) =>
        CheckCheckpoints(job, [.. values.Where(value => value.Text is not ("" or "None" or "none"))]);

    // An unknown one is the automatic choice.
    JsonObject SetVae(JsonObject job, GridValue value, IReadOnlyList<GridValue> all)
    {
        bool Means(string name) => name.Equals(value.Text, StringComparison.OrdinalIgnoreCase);
        string? vae = Means("None") ? "None" : files.Vaes.FirstOrDefault(Means);
        return WebUiJob.WithSetting(job, "sd_vae", vae ?? "Automatic");
    }
}
