namespace Lowrank.Graphs;

/// <summary>Weights of a base that others stand in for until this is disposed of.</summary>
sealed class ReplacedWeights : IDisposable
{
    readonly List<(Tensor Weight, Tensor Original)> replaced = [];

    /// <summary>Writes values into the weights of one side.</summary>
    /// <param name="model">The base.</param>
    /// <param name="side">Which of its networks.</param>
    /// <param name="values">By path, a value for every weight.</param>
    public ReplacedWeights(StableDiffusion model, ModelSide side, IReadOnlyDictionary<string, Tensor> values)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        try
        {
            foreach (var (path, weight) in EffectiveWeights.Of(model, side))
            {
                replaced.Add((weight, weight.detach().clone().DetachFromDisposeScope()));
                weight.copy_(values[path]);
            }
        }
        catch
        {
            Dispose();   // nobody else can
            throw;
        }
    }

    /// <summary>Gives the weights their own values back.</summary>
    public void Dispose()
    {
        using var grad = no_grad();
        foreach (var (weight, original) in replaced)
        {
            weight.copy_(original);
            original.Dispose();
        }
        replaced.Clear();
    }
}
