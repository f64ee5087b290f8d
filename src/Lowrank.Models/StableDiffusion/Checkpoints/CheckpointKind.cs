namespace Lowrank.Models;

/// <summary>What kind of single-file checkpoint its keys and shapes show.</summary>
/// <param name="Family">"sd1", "sd2", "sdxl" or "sdxl-refiner".</param>
/// <param name="Title">Name for people.</param>
/// <param name="InChannels">Channels that the denoising network takes; null where there is none.</param>
/// <param name="HoldsAverages">Whether the network's moving averages (EMA) lie beside its weights.</param>
/// <param name="Parts">Its parts by their names in a diffusers folder: "unet", "vae", "text_encoder", "text_encoder_2".</param>
public sealed record CheckpointKind(string Family, string Title, int? InChannels, bool HoldsAverages, IReadOnlyList<string> Parts)
{
    internal const string UNetPrefix = "model.diffusion_model.", VaePrefix = "first_stage_model.", AveragesPrefix = "model_ema.";

    internal const int InpaintingChannels = 9;

    // Where text encoders lie, and a part of a name that only the spelling has; the first that is there is meant.
    static readonly (string Part, string Prefix, string Mark, ClipSpelling Spelling)[] encoders =
    [
        ("text_encoder", "cond_stage_model.transformer.", "text_model.encoder.", ClipSpelling.Transformers),
        ("text_encoder", "cond_stage_model.transformer.", "encoder.", ClipSpelling.WithoutPrefix),
        ("text_encoder", "cond_stage_model.model.", "transformer.", ClipSpelling.OpenClip),
        ("text_encoder", "conditioner.embedders.0.transformer.", "text_model.encoder.", ClipSpelling.Transformers),
        ("text_encoder_2", "conditioner.embedders.1.model.", "transformer.", ClipSpelling.OpenClip),
        ("text_encoder_2", "conditioner.embedders.1.transformer.", "text_model.encoder.", ClipSpelling.Transformers),
        ("text_encoder_2", "conditioner.embedders.0.model.", "transformer.", ClipSpelling.OpenClip),
    ];

    /// <summary>Whether it fills masked places: its network takes mask and masked picture besides the latents.</summary>
    public bool Inpainting => InChannels == InpaintingChannels;

    /// <summary>Where each text encoder lies and how it is spelled.</summary>
    internal IReadOnlyList<(string Part, string Prefix, ClipSpelling Spelling)> TextEncoders { get; init; } = [];

    /// <summary>The kind that a place's file shows; null for one that is no such checkpoint, and for a folder.</summary>
    internal static CheckpointKind? Of(ModelPlace place) => place.Remember(static one => one.File is { } file ? Of(file.Tensors) : null);

    /// <summary>The kind that a file's tensors show; null for a file that is no such checkpoint.</summary>
    public static CheckpointKind? Of(IReadOnlyList<TensorInfo> tensors)
    {
        bool Begins(string prefix) => tensors.Any(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal));

        var texts = encoders.Where(encoder => Begins(encoder.Prefix + encoder.Mark)).DistinctBy(encoder => encoder.Part)
            .Select(encoder => (encoder.Part, encoder.Prefix, encoder.Spelling)).ToList();
        var input = ShapeOf(tensors, UNetPrefix + "input_blocks.0.0.weight");
        bool hasUNet = input is not null, hasVae = Begins(VaePrefix + "decoder.") || Begins(VaePrefix + "encoder.");
        if (FamilyOf(tensors, [.. texts.Select(text => text.Prefix)], hasUNet) is not { } family) return null;
        var parts = new List<string>();
        if (hasUNet) parts.Add("unet");
        if (hasVae) parts.Add("vae");
        parts.AddRange(texts.Select(text => text.Part));
        int? channels = input is [_, var count, ..] ? (int)count : null;
        return new(family, StableDiffusionGeneration.Named(family).Title, channels, Begins(AveragesPrefix), parts) { TextEncoders = texts };
    }

    static string? FamilyOf(IReadOnlyList<TensorInfo> tensors, HashSet<string> prefixes, bool hasUNet)
    {
        if (prefixes.Contains("conditioner.embedders.1.model.") || prefixes.Contains("conditioner.embedders.1.transformer.")) return "sdxl";
        if (prefixes.Contains("conditioner.embedders.0.model.")) return StableDiffusionGeneration.Refiner;
        // A network that is told sizes. The refiner's has a level more than the base model's.
        if (ShapeOf(tensors, UNetPrefix + "label_emb.0.0.weight") is not null)
            return tensors.Count(IsHalving) == RefinersHalvings ? StableDiffusionGeneration.Refiner : "sdxl";
        if (prefixes.Contains("conditioner.embedders.0.transformer.")) return "sdxl";
        if (prefixes.Contains("cond_stage_model.model.")) return "sd2";
        if (hasUNet) return ShapeOf(tensors, UNetPrefix + "middle_block.1.proj_in.weight") is [_, _] ? "sd2" : "sd1";
        return prefixes.Contains("cond_stage_model.transformer.") ? "sd1" : null;
    }

    const int RefinersHalvings = 3;

    static bool IsHalving(TensorInfo tensor) => tensor.Name.StartsWith(UNetPrefix + "input_blocks.", StringComparison.Ordinal)
        && tensor.Name.EndsWith(".0.op.weight", StringComparison.Ordinal);

    static long[]? ShapeOf(IReadOnlyList<TensorInfo> tensors, string name) => tensors.FirstOrDefault(tensor => tensor.Name == name)?.Shape;

    /// <summary>What a file of other keys may be, as the end of a sentence; null where nothing is known.</summary>
    internal static string? OtherModel(IReadOnlyList<TensorInfo> tensors)
    {
        bool Holds(string piece) => tensors.Any(tensor => tensor.Name.Contains(piece, StringComparison.Ordinal));
        if (Holds("double_blocks.0.img_attn")) return "looks like a Flux model";
        if (Holds("joint_blocks.0.")) return "looks like a Stable Diffusion 3 model";
        if (Holds("lora_down.") || Holds("lora_A.") || Holds("lora_up.")) return "looks like an adapter, not a base model";
        if (Holds("down_blocks.0.resnets.0.")) return "looks like a part of a diffusers folder; give the whole folder";
        if (Holds("decoder.mid.block_1.")) return "looks like an autoencoder alone";
        return null;
    }
}
