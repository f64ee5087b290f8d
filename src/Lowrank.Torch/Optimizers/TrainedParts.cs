using System.Runtime.CompilerServices;

namespace Lowrank.Torch;

/// <summary>What an optimizer should know of parameters before it steps: those that are merged into a weight get no gradient.</summary>
public static class TrainedParts
{
    static readonly ConditionalWeakTable<Tensor, object> merged = [];

    /// <summary>Says whether a parameter is worked into a weight.</summary>
    public static void SetMerged(Tensor parameter, bool isMerged)
    {
        if (isMerged) merged.AddOrUpdate(parameter, parameter.GetType());
        else merged.Remove(parameter);
    }

    /// <summary>Throws where a parameter without a gradient is worked into a weight.</summary>
    /// <param name="groups">The optimizer's.</param>
    /// <exception cref="LowrankException">One is.</exception>
    public static void RefuseMerged(IReadOnlyList<ParameterGroup> groups)
    {
        foreach (var parameter in groups.SelectMany(group => group.Parameters))
        {
            if (!merged.TryGetValue(parameter, out _)) continue;
            using var gradient = parameter.grad;
            if (gradient is not null) continue;
            throw new LowrankException($"{ParameterNames.Find(parameter) ?? "a parameter"} is merged into its weight and learns nothing. " +
                "Unmerge the model before training.");
        }
    }
}
