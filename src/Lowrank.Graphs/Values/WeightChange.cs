namespace Lowrank.Graphs;

/// <summary>
/// What a node does to the weights of a base: an adapter at a strength, another model's weights. It is done while the network is asked, and
/// undone after, so that all values of a graph share one loaded base.
/// </summary>
public abstract record WeightChange
{
    /// <summary>Does it to the weights as those before it left them; what is returned undoes it.</summary>
    public abstract IDisposable Apply(StableDiffusion model);
}
