using System.Diagnostics.CodeAnalysis;

namespace Lowrank.Torch;

/// <summary>All things of one kind, in an order, found by name: methods, samplers, dialects. A program adds its own at its start.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed class NamedList<T>
{
    readonly string kind;
    readonly Func<T, IEnumerable<string>> names;
    readonly List<T> things = [];
    readonly Dictionary<string, T> byName = [];
    bool used;

    /// <summary>A list.</summary>
    /// <param name="kind">What one is called in errors: "sampler".</param>
    /// <param name="names">The names of one, its own first. Large letters, blanks, hyphens and underscores make no difference.</param>
    /// <param name="things">What it holds from the beginning.</param>
    public NamedList(string kind, Func<T, IEnumerable<string>> names, params IReadOnlyList<T> things)
    {
        (this.kind, this.names) = (kind, names);
        foreach (var thing in things) Add(thing);
    }

    /// <summary>Everything that is listed, in order. From the first look on, nothing can be added.</summary>
    public IReadOnlyList<T> All
    {
        get
        {
            lock (things) used = true;
            return things;
        }
    }

    /// <summary>Adds one at the end.</summary>
    /// <exception cref="LowrankException">The list was looked into before, or one of its names is taken.</exception>
    public void Add(T thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        lock (things)
        {
            string own = names(thing).First();
            if (used)
                throw new LowrankException(
                    $"the {kind} \"{own}\" came too late: the list was used before. Add it where the program starts.");
            foreach (var name in names(thing))
            {
                if (string.IsNullOrWhiteSpace(name))
                    throw new LowrankException($"a {kind} has an empty name. Give it one that users can type.");
                if (byName.ContainsKey(Plain(name)))
                    throw new LowrankException($"the name \"{name}\" belongs to another {kind}. Give the new one another name.");
            }
            things.Add(thing);
            foreach (var name in names(thing)) byName[Plain(name)] = thing;   // two of its own may be the same but for a hyphen
        }
    }

    /// <summary>The one of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names and all names are told.</exception>
    public T Named(string name)
    {
        if (TryNamed(name, out var found)) return found;
        var own = All.Select(thing => names(thing).First()).ToList();
        var near = NearestNames.Resembling(name, own);
        string nearest = near.Count > 0 ? $" (nearest: {string.Join(", ", near)})" : "";
        throw new LowrankException($"there is no {kind} \"{name}\"{nearest}; there are {string.Join(", ", own)}");
    }

    /// <summary>The one of that name, or none.</summary>
    public bool TryNamed(string name, [MaybeNullWhen(false)] out T thing)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (things) used = true;
        return byName.TryGetValue(Plain(name), out thing);
    }

    static string Plain(string name) => string.Concat(name.Where(c => c is not (' ' or '-' or '_'))).ToLowerInvariant();
}
