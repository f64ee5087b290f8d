namespace Lowrank.Training;

/// <summary>LoRA+: factors that begin at zero (the "up" of a LoRA) learn faster than the others.</summary>
/// <remarks>
/// Hayou et al. 2024, arXiv 2402.12354, which suggests a ratio of 16. Source of both ways: kohya-ss/sd-scripts at 48d368f, PEFT 0.21.2
/// (create_loraplus_optimizer).
/// </remarks>
/// <param name="Ratio">Their learning rate over the others'; null or 0 keeps one rate for all.</param>
/// <param name="UnetRatio">The UNet's; null or 0 takes <paramref name="Ratio"/>.</param>
/// <param name="TextEncoderRatio">The text encoders'; null or 0 takes <paramref name="Ratio"/>.</param>
public sealed record LoraPlus(double? Ratio = null, double? UnetRatio = null, double? TextEncoderRatio = null)
{
    // The rate of embeddings' factors in PEFT's way: the default of its loraplus_lr_embedding.
    const double EmbeddingRate = 1e-6;

    /// <summary>
    /// Whether it is done PEFT's way: every parameter of one axis and DoRA's magnitudes are fast too, biases and norms do not decay, and
    /// factors of embeddings have a rate of their own.
    /// </summary>
    public bool PeftWay { get; init; }

    /// <summary>The ratio of a component; null where there is none.</summary>
    public double? For(ComponentRole role) =>
        Given(role == ComponentRole.TextEncoder ? TextEncoderRatio : UnetRatio) ?? Given(Ratio);

    static double? Given(double? ratio) => ratio is 0 ? null : ratio;

    /// <summary>What becomes of a parameter.</summary>
    /// <param name="role">The role of the component that it adapts.</param>
    /// <param name="name">Its name in its reparameterization.</param>
    /// <param name="axes">Its number of axes.</param>
    /// <param name="ofEmbedding">Whether it adapts an embedding.</param>
    /// <param name="rate">Its rate without LoRA+.</param>
    /// <returns>Its rate, whether it is one of the faster ones, and whether weight decay acts on it.</returns>
    public (double Rate, bool Fast, bool Decays) Of(ComponentRole role, string name, long axes, bool ofEmbedding, double rate)
    {
        if (For(role) is not { } ratio) return (rate, false, true);
        string part = name[(name.LastIndexOf('.') + 1)..];
        if (!PeftWay) return part == "up" ? (rate * ratio, true, true) : (rate, false, true);
        if (ofEmbedding) return (EmbeddingRate, false, true);
        bool fast = part is "up" or "magnitude" || axes == 1;
        bool decays = part is not ("w_norm" or "b_norm") && !part.Contains("bias", StringComparison.Ordinal);
        return (fast ? rate * ratio : rate, fast, decays);
    }
}
