using System.Numerics;

namespace Lowrank.Graphs;

/// <summary>A node of a graph as ComfyUI's interface saves it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">The name of its class.</param>
public sealed record SavedNode(string Id, string Type)
{
    const int Muted = 2, Bypassed = 4;

    // Of the interface alone, for people or for links.
    static readonly HashSet<string> notNodes = ["Note", "MarkdownNote", "PrimitiveNode", "Reroute"];

    /// <summary>What people called it; null if nothing is said.</summary>
    public string? Title { get; init; }

    /// <summary>The name by which names of files ask for its values; null if nothing is said.</summary>
    public string? SearchName { get; init; }

    /// <summary>Its place in the order of execution.</summary>
    public int Order { get; init; }

    /// <summary>Whether it is left out, with all inputs that hang on it.</summary>
    public bool IsMuted { get; init; }

    /// <summary>Whether links lead through it as if it were not there.</summary>
    public bool IsBypassed { get; init; }

    /// <summary>Its inputs, widgets that may be linked among them.</summary>
    public IReadOnlyList<SavedSlot> Inputs { get; init; } = [];

    /// <summary>Its outputs.</summary>
    public IReadOnlyList<SavedSlot> Outputs { get; init; } = [];

    /// <summary>What its widgets say: a list in their order, or by name.</summary>
    public object? Widgets { get; init; }

    /// <summary>Whether it is one of the interface's own, which are not sent.</summary>
    public bool IsVirtual => notNodes.Contains(Type);

    /// <summary>As errors name it.</summary>
    public override string ToString() => $"{Id} ({Type})";

    internal static SavedNode Read(object? written)
    {
        if (written is not IReadOnlyDictionary<string, object?> fields || fields.GetValueOrDefault("type") is not string type)
            throw new LowrankException($"A node of the saved graph is {PythonText.Repr(written)}, and must be an object with id and type.");
        int mode = Whole(fields.GetValueOrDefault("mode"));
        return new(SavedLink.Id(fields.GetValueOrDefault("id")), type)
        {
            Title = fields.GetValueOrDefault("title") as string,
            SearchName = (fields.GetValueOrDefault("properties") as IReadOnlyDictionary<string, object?>)
                ?.GetValueOrDefault("Node name for S&R") as string,
            Order = Whole(fields.GetValueOrDefault("order")),
            IsMuted = mode == Muted,
            IsBypassed = mode == Bypassed,
            Inputs = SavedSlot.Read(fields.GetValueOrDefault("inputs")),
            Outputs = SavedSlot.Read(fields.GetValueOrDefault("outputs")),
            Widgets = fields.GetValueOrDefault("widgets_values"),
        };
    }

    static int Whole(object? written) => written is BigInteger number && BigInteger.Abs(number) < int.MaxValue ? (int)number : 0;
}
