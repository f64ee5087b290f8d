namespace Lowrank.Graphs;

/// <summary>A row of noise levels, rounded to float32 as ComfyUI keeps them.</summary>
/// <param name="Sigmas">One more than the steps between them; none for no steps at all.</param>
public sealed record SigmasValue(IReadOnlyList<float> Sigmas) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Sigmas;

    /// <summary>A row of numbers that are float32's already, or are rounded to it.</summary>
    public static SigmasValue Of(IEnumerable<double> sigmas) => new([.. sigmas.Select(sigma => (float)sigma)]);
}
