namespace Lowrank.Adapters;

/// <summary>LoRA on a parameter that holds a matrix of every expert, as PEFT keeps it: the factors of all experts in two tensors.</summary>
/// <remarks>
/// A is (experts·r, in) with the expert outermost, B (out, r·experts) with the expert innermost. PEFT puts one wrapper around another, so
/// that the parameter that comes first in the module stands deepest, under <c>base_layer.</c>, and the last one under the module's own
/// name.
/// Source: PEFT 0.21.2, lora.ParamWrapper.
/// </remarks>
static class PeftStacks
{
    /// <summary>The field that names the parameters.</summary>
    public const string Field = "target_parameters";

    const string Prefix = PeftSpelling.Prefix, Deeper = ".base_layer", Down = PeftSpelling.Down, Up = PeftSpelling.Up;

    // A parameter of a module: the module's path, and its experts' matrices.
    sealed record Stack(string Module, string Name, IReadOnlyList<Target> Matrices)
    {
        public string Path => $"{Module}.{Name}";
    }

    static List<Stack> StacksOf(ModelComponent component)
    {
        var found = new Dictionary<string, (string Module, string Name, List<Target> Matrices)>();
        foreach (var (target, layer) in component.Targets)
        {
            if (layer is not StackedMatrix matrix) continue;
            string module = component.PathOf(target)[..^(matrix.Name.Length + 1)];
            if (!found.TryGetValue($"{module}.{matrix.Stack}", out var stack))
                found[$"{module}.{matrix.Stack}"] = stack = (module, matrix.Stack, []);
            stack.Matrices.Add(target);
        }
        return [.. found.Values.Select(stack => new Stack(stack.Module, stack.Name, stack.Matrices))];
    }

    /// <summary>The path of the parameter in which a matrix lies, below its component; null for any other layer.</summary>
    public static string? ParameterOf(ModelComponent component, Target target)
    {
        if (component.Targets.FirstOrDefault(one => one.Target.Path == target.Path).Layer is not StackedMatrix matrix) return null;
        string path = component.PathOf(target);
        return $"{path[..^matrix.Name.Length]}{matrix.Stack}";
    }

    /// <summary>Gives the factors of each expert keys of their own.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="LowrankException">The tensors have no shapes of stacks.</exception>
    public static bool Unfold(PeftView view, ModelComponent component, PeftConfig config)
    {
        bool any = false;
        foreach (var module in StacksOf(component).GroupBy(stack => stack.Module))
        {
            var adapted = Adapted([.. module], view, config);
            for (int place = 0; place < adapted.Count; place++)
            {
                string at = Prefix + module.Key + string.Concat(Enumerable.Repeat(Deeper, adapted.Count - 1 - place));
                Unfold(view, adapted[place], config, at);
                any = true;
            }
        }
        return any;
    }

    // As many as there are levels; the configuration tells which, where they are not all.
    static List<Stack> Adapted(List<Stack> stacks, PeftView view, PeftConfig config)
    {
        int levels = 0;
        while (view.Info(Prefix + stacks[0].Module + string.Concat(Enumerable.Repeat(Deeper, levels)) + Down) is not null) levels++;
        if (levels == 0) return [];
        var names = config.Names(Field);
        var told = stacks.Where(stack => names.Any(name => PeftConfig.IsEnd(stack.Path, name))).ToList();
        if (told.Count == levels) return told;
        if (stacks.Count == levels) return stacks;
        throw new LowrankException($"{view.Path} holds factors of {levels} parameters of {stacks[0].Module}, and {Field} names " +
            $"{told.Count} of its {stacks.Count}");
    }

    static void Unfold(PeftView view, Stack stack, PeftConfig config, string at)
    {
        int experts = stack.Matrices.Count;
        var (down, up) = (view.Take(at + Down), view.Take(at + Up));
        bool fits = up.Info is { Shape: [_, var columns] } && down.Info.Shape is [var rows, _] && rows % experts == 0 && columns == rows;
        if (!fits)
            throw new LowrankException($"the factors of {stack.Path} have shapes {down.Info.Shape.Text()} and " +
                $"{(up.Info?.Shape ?? []).Text()}, which are none of {experts} experts");
        long rank = down.Info.Shape[0] / experts;
        for (int expert = 0; expert < experts; expert++)
        {
            long own = expert;   // the closure's own
            string path = $"{stack.Module}.{expert}.{stack.Name}";
            view.Put(Prefix + path + Down, down.Info, [rank, down.Info.Shape[1]], () => down.Read().narrow(0, own * rank, rank));
            view.Put(Prefix + path + Up, up.Info!, [up.Info!.Shape[0], rank],
                () => up.Read().view(-1, rank, experts).select(2, own).contiguous());
            view.Configure(path, config, stack.Path);
        }
    }

    /// <summary>The keys of an adapter's tensors with the factors of all experts of a parameter in one.</summary>
    /// <param name="tensors">Each expert's under keys of its own.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="LowrankException">Experts of a parameter have different ranks, or another method than LoRA.</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Fold(
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors, ModelDescription model)
    {
        if (model.Components is not [var component] || !component.Targets.Any(target => target.Layer is StackedMatrix)) return tensors;
        var own = tensors.ToDictionary();
        foreach (var module in StacksOf(component).GroupBy(stack => stack.Module))
        {
            var adapted = module.Where(stack => stack.Matrices.Any(matrix => own.ContainsKey(KeyOf(component, matrix) + Down))).ToList();
            for (int place = 0; place < adapted.Count; place++)
                Fold(own, component, adapted[place], string.Concat(Enumerable.Repeat(Deeper, adapted.Count - 1 - place)));
        }
        return [.. own];
    }

    static string KeyOf(ModelComponent component, Target target) => Prefix + component.PathOf(target);

    static void Fold(Dictionary<string, Tensor> tensors, ModelComponent component, Stack stack, string levels)
    {
        var pairs = stack.Matrices.Select(matrix => KeyOf(component, matrix))
            .Select(key => (Down: Taken(tensors, key + Down), Up: Taken(tensors, key + Up))).ToList();
        var first = pairs.First(pair => pair.Down is not null);
        // Experts that are not adapted have factors of zero.
        var downs = pairs.Select(pair => pair.Down ?? zeros_like(first.Down!)).ToList();
        var ups = pairs.Select(pair => pair.Up ?? zeros_like(first.Up!)).ToList();
        tensors[Prefix + stack.Module + levels + Down] = cat(downs, 0);
        tensors[Prefix + stack.Module + levels + Up] = torch.stack([.. ups], 2).flatten(1).contiguous();
    }

    static Tensor? Taken(Dictionary<string, Tensor> tensors, string key) => tensors.Remove(key, out var held) ? held : null;

    /// <summary>Why PEFT has no such adapter of experts, as a sentence without its full stop; null where it has.</summary>
    public static string? Refusal(Adapter adapter, ModelComponent component)
    {
        foreach (var stack in StacksOf(component))
        {
            var made = stack.Matrices.Select(matrix => adapter.Targets.GetValueOrDefault(matrix.Path))
                .OfType<Reparameterization>().ToList();
            if (made.Find(one => one is not Lora) is { } other)
                return $"PEFT adapts the experts' parameters with plain LoRA alone, and {other.Target.Path} has another method or more";
            var scales = made.Cast<Lora>().Select(lora => (lora.Rank, lora.Alpha)).Distinct().ToList();
            if (scales.Count > 1)
                return $"PEFT gives all experts of {stack.Path} one rank and alpha, and these have " +
                    string.Join(", ", scales.Select(one => $"rank {one.Rank} with alpha {PlainValue.Text(one.Alpha)}"));
        }
        return null;
    }
}
