namespace Lowrank.Adapters;

/// <summary>Reparameterizations that work on one layer, in order, in one call.</summary>
/// <param name="layer">The layer.</param>
/// <param name="list">The reparameterizations, with their strengths.</param>
sealed class AdapterStack(IAdaptable layer, IReadOnlyList<(Reparameterization Reparameterization, double Strength)> list)
{
    /// <summary>The layer's answer with all of them.</summary>
    /// <param name="x">Input.</param>
    /// <param name="answer">The layer's own answer; null where it was not asked yet.</param>
    public Tensor Forward(Tensor x, Tensor? answer)
    {
        if (list.Count == 0) return answer ?? layer.Run(x);
        if (list.All(one => one.Reparameterization.HasBranch)) return WithBranches(x, answer);
        if (list.Count == 1) return list[0].Reparameterization.Forward(x, layer, list[0].Strength);
        return list.Any(one => one.Reparameterization.DropsBeside)
            ? DroppingBeside(x)
            : Reparameterization.RunApplied(x, layer, list);
    }

    Tensor WithBranches(Tensor x, Tensor? answer)
    {
        if (answer is not null) return AddBranches(answer, x, list);
        var (first, strength) = list[0];
        return AddBranches(first.Forward(x, layer, strength), x, list.Skip(1));
    }

    // A dropout that acts on a branch needs the branch, which follows on the weight that the others build.
    Tensor DroppingBeside(Tensor x)
    {
        int built = 1 + list.Index().Last(one => !one.Item.Reparameterization.HasBranch).Index;
        var (first, strength) = list[0];
        bool isLost = built > 1 && list.Take(built).Any(one => one.Reparameterization.DropsBeside)
            || list.Skip(built).Any(one => one.Reparameterization is AdditiveReparameterization { NeedsWeight: true });
        if (isLost) throw Lost(list[built - 1].Reparameterization);
        var y = built == 1 ? first.Forward(x, layer, strength) : Reparameterization.RunApplied(x, layer, [.. list.Take(built)]);
        return AddBranches(y, x, list.Skip(built));
    }

    LowrankException Lost(Reparameterization building)
    {
        var dropping = list.First(one => one.Reparameterization.DropsBeside).Reparameterization;
        return new($"the dropout of {dropping.Method.Name} would be lost at {dropping.Target}, where {building.Method.Name} builds the " +
            "weight from it. Attach what drops after it, switch one of them off while training, or take module_dropout.");
    }

    Tensor AddBranches(Tensor y, Tensor x, IEnumerable<(Reparameterization Reparameterization, double Strength)> branches)
    {
        foreach (var (reparameterization, strength) in branches) y = y + reparameterization.Branch(x, layer, strength);
        return y;
    }
}
