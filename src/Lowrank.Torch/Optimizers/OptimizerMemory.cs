namespace Lowrank;

/// <summary>What an optimizer remembers of the steps so far, by the names of its parameters.</summary>
public static class OptimizerMemory
{
    /// <summary>
    /// A copy of the state: names such as <c>model.fc/down.exp_avg</c>, with their tensors. They belong to the caller's scope.
    /// </summary>
    public static IReadOnlyDictionary<string, Tensor> StateDict(this IOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        return optimizer.StateTensors().ToDictionary(pair => pair.Name, pair => pair.Value.detach().clone());
    }

    /// <summary>Puts a state back: the next step is then what it would have been.</summary>
    /// <param name="optimizer">One over parameters of the same names, in any order.</param>
    /// <param name="state">What <see cref="StateDict"/> gave.</param>
    /// <exception cref="LowrankException">Names or shapes are others; nothing was put back.</exception>
    public static void LoadStateDict(this IOptimizer optimizer, IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(state);
        using var grad = no_grad();
        var own = optimizer.StateTensors().ToDictionary(pair => pair.Name, pair => pair.Value);
        List<string> missing = [.. own.Keys.Where(name => !state.ContainsKey(name))];
        List<string> left = [.. state.Keys.Where(name => !own.ContainsKey(name))];
        if (missing.Count + left.Count > 0)
            throw new LowrankException($"the state is of another optimizer or of other parameters: missing are {Told(missing)}; left " +
                $"over are {Told(left)}. Make the optimizer as it was made, over the same adapter.");
        foreach (var (name, value) in own)
            if (!state[name].shape.AsSpan().SequenceEqual(value.shape))
                throw new LowrankException($"{name} has shape {state[name].shape.Text()} in the state, and {value.shape.Text()} here. " +
                    "Is it of an adapter of another rank?");
        foreach (var (name, value) in own) value.copy_(state[name]);
    }

    static string Told(List<string> names)
    {
        if (names.Count == 0) return "none";
        string first = string.Join(", ", names.Take(5));
        return names.Count > 5 ? $"{first} and {names.Count - 5} more" : first;
    }
}
