namespace Lowrank.Adapters;

/// <summary>The one alpha of a GGUF file, and what of a layer's own scale goes into its second factor.</summary>
/// <param name="Value">The file's alpha; never 0, which llama.cpp takes for no scale.</param>
readonly record struct GgufAlpha(double Value)
{
    /// <summary>That of most layers, so that most factors stay as they are.</summary>
    public static GgufAlpha Of(Adapter adapter)
    {
        var alphas = adapter.Targets.Values.Select(AlphaOf).OfType<double>().Where(alpha => alpha != 0).ToList();
        return new(alphas.Count == 0 ? 1 : alphas.GroupBy(alpha => alpha).MaxBy(group => group.Count())!.Key);
    }

    /// <summary>By how much a layer's own alpha is greater.</summary>
    public double Share(Reparameterization made) => (AlphaOf(made) ?? Value) / Value;

    static double? AlphaOf(Reparameterization made)
    {
        using var scope = NewDisposeScope();
        return made.Parts.FirstOrDefault(part => part.Part == "alpha").Value?.ToDouble();
    }
}
