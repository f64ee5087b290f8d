namespace Lowrank.Adapters;

/// <summary>A change of the layer's bias beside any method, as large as it stands in the file: b' = b + strength·diff_b.</summary>
/// <remarks>No alpha scales it. Source: comfyanonymous/ComfyUI comfy/lora.py at a125cd8 (<c>.diff_b</c>).</remarks>
/// <param name="inner">What adapts the weight; it is taken over.</param>
/// <param name="change">What is added to the bias (out).</param>
sealed class BiasChange(Reparameterization inner, Tensor change) : BiasWrapper(inner, Part, change, "a change of the bias")
{
    /// <summary>The part's name.</summary>
    internal const string Part = "diff_b";

    private protected override Tensor Change(Parameter value, Tensor? bias, double strength) => value * strength;
}
