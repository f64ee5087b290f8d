using System.Runtime.CompilerServices;

namespace Lowrank.Torch;

/// <summary>Parameters that want no gradient until this is disposed; then each wants one again if it did before.</summary>
/// <remarks>
/// Several may hold one parameter: it is given back with the last. A module that moves to another device meanwhile has new parameters under
/// the same names, and those are given back.
/// </remarks>
public sealed class FrozenParameters : IDisposable
{
    // What one parameter was, with every place in which it stands: a tied one stands in several.
    sealed class Holding(Parameter parameter, MemoryRange memory)
    {
        public int Count;

        public bool Wanted { get; } = parameter.requires_grad;

        public MemoryRange Memory => memory;

        // Whether it is this parameter by another handle: what is asked of the one is asked of the other. One that merely shares its memory
        // answers for itself.
        public bool Is(Parameter other)
        {
            if (parameter.IsInvalid) return false;
            bool before = other.requires_grad;
            other.requires_grad = true;
            bool same = parameter.requires_grad;
            other.requires_grad = before;
            return same;
        }

        public HashSet<(nn.Module Module, string Name)> Places { get; } = [];
    }

    static readonly ConditionalWeakTable<nn.Module, Dictionary<string, Holding>> held = [];
    static readonly Dictionary<MemoryRange, List<WeakReference<Holding>>> byMemory = [];   // keeps no model alive
    static readonly Lock changing = new();

    readonly List<Holding> own = [];

    FrozenParameters() { }

    /// <summary>Freezes the parameters of a module and of all modules in it.</summary>
    public static FrozenParameters Under(nn.Module root) => Of(root.modules().Prepend(root));

    /// <summary>Freezes the own parameters of each of the modules; a TorchScript module's are frozen since it was loaded.</summary>
    public static FrozenParameters Of(IEnumerable<nn.Module> modules)
    {
        var frozen = new FrozenParameters();
        using var scope = NewDisposeScope();   // some of TorchSharp's getters make a handle
        lock (changing)
            foreach (var module in modules.Where(module => module is not ScriptModel).Distinct())
                foreach (var (name, parameter) in module.named_parameters(recurse: false)) frozen.Hold(module, name, parameter);
        return frozen;
    }

    void Hold(nn.Module module, string name, Parameter parameter)
    {
        var names = held.GetOrCreateValue(module);
        if (!names.TryGetValue(name, out var holding))
        {
            names[name] = holding = InMemory(parameter);
            holding.Places.Add((module, name));
        }
        if (holding.Count++ == 0) parameter.requires_grad = false;   // what was thawed since is somebody's choice
        own.Add(holding);
    }

    static Holding InMemory(Parameter parameter)
    {
        var memory = MemoryRange.Of(parameter);
        if (!byMemory.TryGetValue(memory, out var there)) byMemory[memory] = there = [];
        there.RemoveAll(one => !one.TryGetTarget(out _));
        foreach (var one in there)
            if (memory.First != 0 && one.TryGetTarget(out var found) && found.Is(parameter)) return found;
        var made = new Holding(parameter, memory);
        there.Add(new(made));
        return made;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var scope = NewDisposeScope();
        lock (changing)
            foreach (var holding in own)
                if (--holding.Count == 0) GiveBack(holding);
        own.Clear();
    }

    static void GiveBack(Holding holding)
    {
        if (byMemory.TryGetValue(holding.Memory, out var there))
        {
            there.RemoveAll(one => !one.TryGetTarget(out var other) || other == holding);
            if (there.Count == 0) byMemory.Remove(holding.Memory);
        }
        foreach (var (module, name) in holding.Places)
        {
            if (held.TryGetValue(module, out var names)) names.Remove(name);
            var parameter = module.named_parameters(recurse: false).FirstOrDefault(p => p.name == name).parameter;
            if (parameter is { IsInvalid: false }) parameter.requires_grad = holding.Wanted;   // a model may be gone before its adapters
        }
    }
}
