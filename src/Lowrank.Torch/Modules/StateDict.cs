namespace Lowrank.Torch;

/// <summary>Fills a module's parameters and buffers by name, and fails on anything missing, left over or misshapen.</summary>
public static class StateDict
{
    /// <summary>Copies each named tensor into <paramref name="module"/>, casting to the module's dtype.</summary>
    /// <param name="module">What is filled; its own names are the published ones.</param>
    /// <param name="names">Names on offer. All must be used, but for those in <paramref name="ignored"/>.</param>
    /// <param name="read">Gives the tensor of an offered name; it is freed after the copy.</param>
    /// <param name="source">Where the tensors come from, for errors.</param>
    /// <param name="ignored">Names that may be left over, such as position_ids.</param>
    /// <exception cref="LowrankException">Names missing or left over, or shapes that differ; all are listed at once, with the nearest known
    /// names.</exception>
    public static void Load(
        nn.Module module, IEnumerable<string> names, Func<string, Tensor> read, string source, Func<string, bool>? ignored = null)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var wanted = new Dictionary<string, Tensor>(module.state_dict());
        var offered = names.ToHashSet();
        // Told when shown: the nearest names of every one of a thousand would take minutes.
        var faults = new List<Func<string>>();
        foreach (var name in wanted.Keys.Where(name => !offered.Contains(name)))
            faults.Add(() => $"{name} is missing{Nearest(name, offered)}");
        foreach (var name in offered.Where(name => !wanted.ContainsKey(name) && ignored?.Invoke(name) != true))
            faults.Add(() => $"{name} is left over{Nearest(name, wanted.Keys)}");
        if (faults.Count == 0)
            foreach (var (name, parameter) in wanted)
            {
                using var tensor = read(name);
                if (tensor.shape.AsSpan().SequenceEqual(parameter.shape)) parameter.copy_(tensor);
                else
                {
                    string shapes = $"{name} has shape {tensor.shape.Text()}, and the model's is {parameter.shape.Text()}";
                    faults.Add(() => shapes);
                }
            }
        if (faults.Count > 0)
            throw new LowrankException($"{source} does not fit {module.GetName()}: {Told(faults)}. " +
                "Is it the weights file of another model, or of another config.json?");
    }

    static string Told(List<Func<string>> faults)
    {
        const int Most = 8;
        string first = string.Join("; ", faults.Take(Most).Select(fault => fault()));
        return faults.Count > Most ? $"{first}; and {faults.Count - Most} more" : first;
    }

    static string Nearest(string name, IEnumerable<string> known) =>
        NearestNames.To(name, known, 1) is [var nearest] ? $" (nearest: {nearest})" : "";
}
