namespace Lowrank.Training;

/// <summary>Parameters that share a learning rate.</summary>
/// <param name="Name">"unet", "unet plus", "text_encoder", "text_encoder plus".</param>
/// <param name="Rate">The rate.</param>
/// <param name="Parameters">The target's path and the parameter's name there, with the parameter.</param>
/// <param name="Decays">Whether weight decay acts on them.</param>
public sealed record RateGroup(
    string Name, double Rate, IReadOnlyList<(string Target, string Name, Tensor Value)> Parameters, bool Decays = true)
{
    /// <summary>What weight decay draws them to. Default 0.</summary>
    public double DecaysToward { get; init; }
}
