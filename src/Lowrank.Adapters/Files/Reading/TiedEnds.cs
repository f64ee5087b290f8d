namespace Lowrank.Adapters;

/// <summary>What a file holds of a table that serves both ends of a model: one thing, which works and is trained at both.</summary>
static class TiedEnds
{
    /// <summary>
    /// Ties what was made at the ends: rows of tokens that are trained are trained at both, and weights that the file holds twice are one.
    /// </summary>
    /// <param name="made">What was made; the second end's rows are added, or replaced.</param>
    /// <param name="model">The model.</param>
    public static void Tie(List<Reparameterization> made, ModelDescription model)
    {
        foreach (var component in model.Components)
            foreach (var (target, _) in component.Targets)
                if (component.TiedTo.TryGetValue(component.PathOf(target), out var original))
                    Tie(made, target, made.Find(one => one.Target.Path == $"{component.Name}.{original}"));
    }

    static void Tie(List<Reparameterization> made, Target target, Reparameterization? first)
    {
        var second = made.Find(one => one.Target.Path == target.Path);
        switch (first, second)
        {
            case (TrainableTokens rows, null):
                made.Add(new TiedTokens(target, rows));
                break;
            case (TrainableTokens rows, TrainableTokens same) when rows.HasSame(same):
                made.Remove(same);
                same.Dispose();
                made.Add(new TiedTokens(target, rows));
                break;
            case (Replacement whole, Replacement other):
                other.TryShare(whole);
                break;
            default:
                break;
        }
    }
}
