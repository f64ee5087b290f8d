namespace Lowrank.Diffusion;

/// <summary>Encoded prompts as a denoising network takes them.</summary>
/// <param name="Context">A state per token, (B, T, C).</param>
/// <param name="Pooled">The whole prompt in one state, (B, P); null but for XL.</param>
public sealed record TextConditioning(Tensor Context, Tensor? Pooled)
{
    /// <summary>Zeros of the same shapes: what XL takes for a missing negative prompt.</summary>
    public TextConditioning Zeros() => new(zeros_like(Context), Pooled is { } pooled ? zeros_like(pooled) : null);

    /// <summary>The rows of these numbers, in this order; a number may come twice.</summary>
    public TextConditioning Rows(IReadOnlyList<int> rows)
    {
        using var index = tensor(rows.Select(r => (long)r).ToArray(), device: Context.device);
        return new(Context.index_select(0, index), Pooled?.index_select(0, index));
    }
}
