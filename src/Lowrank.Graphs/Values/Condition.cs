namespace Lowrank.Graphs;

/// <summary>One encoded prompt, with where and when it holds.</summary>
/// <param name="Tokens">A state per token, (B, T, C).</param>
public sealed record Condition(Tensor Tokens)
{
    /// <summary>The whole prompt in one state, (B, P); null but for XL.</summary>
    public Tensor? Pooled { get; init; }

    /// <summary>Sizes that XL is told; null means the picture's own.</summary>
    public SizeConditions? Sizes { get; init; }

    /// <summary>Its weight where several conditions hold at one place; default 1.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Where it holds; null is everywhere.</summary>
    public ConditionArea? Area { get; init; }

    /// <summary>
    /// How strongly it holds at each place, (M, H, W) of any size, times <see cref="MaskStrength"/>; null is everywhere alike.
    /// </summary>
    public Tensor? Mask { get; init; }

    /// <summary>Factor of the mask; default 1.</summary>
    public double MaskStrength { get; init; } = 1;

    /// <summary>Whether only the rectangle around the mask is computed, of at least 8 by 8 latent pixels.</summary>
    public bool WithinMaskBounds { get; init; }

    /// <summary>When it holds; null is always.</summary>
    public WayShare? Range { get; init; }

    /// <summary>For which stretch the text was encoded; null is the whole way.</summary>
    public WayShare? EncodedFor { get; init; }

    /// <summary>Adapters that follow the steps where it holds.</summary>
    public IReadOnlyList<Hook> Hooks { get; init; } = [];

    /// <summary>
    /// Latents that an inpainting network is shown, unscaled, (N, C, H, W); null shows the latents that are sampled from.
    /// </summary>
    public Tensor? ShownLatents { get; init; }

    /// <summary>Where an inpainting network is to paint (1), (N, 1, H, W) or (N, H, W) of any size; null takes the noise mask.</summary>
    public Tensor? ShownMask { get; init; }

    /// <summary>Whether it holds only where no other condition of its side does.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The tensors in it.</summary>
    public IEnumerable<Tensor> Tensors => new[] { Tokens, Pooled, Mask, ShownLatents, ShownMask }.OfType<Tensor>();
}
