using System.Runtime.CompilerServices;

namespace Lowrank.Torch;

/// <summary>What an optimizer should know of its parameters: who uses them, and why one may get no gradient.</summary>
public static class TrainedParts
{
    sealed class Use
    {
        public volatile bool IsMerged, LeftOut;
        public volatile Func<string?>? Idle;
    }

    static readonly ConditionalWeakTable<Tensor, Use> uses = [];

    static Use Of(Tensor parameter) => uses.GetValue(parameter, _ => new());

    /// <summary>Says whether a parameter is worked into a weight.</summary>
    public static void SetMerged(Tensor parameter, bool isMerged) => Of(parameter).IsMerged = isMerged;

    /// <summary>Says who knows why a parameter learns nothing; the last who says so is asked.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="idle">Gives the reason, with what to do; null where there is none.</param>
    public static void SetUser(Tensor parameter, Func<string?> idle) => Of(parameter).Idle = idle;

    /// <summary>Chance leaves a parameter out of a forward pass: the next step may find no gradient, and that is as it should be.</summary>
    public static void LeaveOut(Tensor parameter) => Of(parameter).LeftOut = true;

    /// <summary>Throws where a parameter without a gradient is worked into a weight.</summary>
    /// <param name="groups">The optimizer's.</param>
    /// <exception cref="LowrankException">One is.</exception>
    public static void RefuseMerged(IReadOnlyList<ParameterGroup> groups)
    {
        foreach (var parameter in groups.SelectMany(group => group.Parameters))
        {
            if (!uses.TryGetValue(parameter, out var use) || !use.IsMerged) continue;
            using var gradient = parameter.grad;
            if (gradient is not null) continue;
            string name = ParameterNames.Find(parameter) ?? "a parameter";
            throw new LowrankException($"{name} is merged into its weight and learns nothing. Unmerge the model before training.");
        }
    }

    /// <summary>Throws after a step that found no gradient at all, unless chance left a parameter out of a forward pass.</summary>
    /// <param name="groups">The optimizer's.</param>
    /// <param name="moved">Whether the step found a gradient.</param>
    /// <exception cref="LowrankException">The step moved nothing: parameters are frozen, their adapter is switched off, has no strength or
    /// is not attached, or there was no backward pass.</exception>
    public static void RefuseIdle(IReadOnlyList<ParameterGroup> groups, bool moved)
    {
        bool leftOut = false;
        var reasons = new List<string>();
        foreach (var parameter in groups.SelectMany(group => group.Parameters))
        {
            if (!uses.TryGetValue(parameter, out var use)) continue;
            leftOut |= use.LeftOut;
            use.LeftOut = false;
            if (!moved && use.Idle?.Invoke() is { } reason && !reasons.Contains(reason)) reasons.Add(reason);
        }
        if (moved) return;
        if (!groups.Any(group => group.Parameters.Any(parameter => parameter.requires_grad)))
            throw new LowrankException(
                "every parameter is frozen, so that this step moves nothing: was the adapter frozen after the optimizer was made?");
        if (reasons.Count > 0) throw new LowrankException($"this step moves nothing, for {string.Join("; ", reasons)}");
        if (leftOut) return;
        var first = groups.SelectMany(group => group.Parameters).Select(ParameterNames.Find).FirstOrDefault(name => name is not null);
        string some = first is null ? "" : $", such as {first}";
        throw new LowrankException($"this step moves nothing, for no parameter has a gradient{some}. Call loss.backward() between " +
            "ZeroGrad() and Step(), of a loss whose forward pass ran through the adapted layers with gradients: by layer.call(x) " +
            "where they are TorchSharp's, not by layer.forward(x), not under no_grad, and not in a block that leaves the adapter out.");
    }
}
