using System.Numerics;

namespace Lowrank.Graphs;

/// <summary>One computation of a node: its inputs, and where it says what it did.</summary>
/// <param name="node">The node.</param>
/// <param name="placed">Where it stands.</param>
/// <param name="given">Values of its inputs by name; those that nothing was given for are missing.</param>
/// <param name="settings">What holds for all nodes.</param>
public sealed class NodeRun(GraphNode node, PlacedNode placed, IReadOnlyDictionary<string, GraphValue> given, GraphSettings settings)
{
    readonly List<IDisposable> kept = [];

    /// <summary>Its id in the graph.</summary>
    public string Id => placed.Id;

    /// <summary>What holds for all nodes.</summary>
    public GraphSettings Settings => settings;

    /// <summary>The graph in the form in which it is run, and what the interface sent with it: saved files tell them by name.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Texts { get; init; } = [];

    /// <summary>What it shows.</summary>
    public NodeShows Shows { get; } = new();

    /// <summary>Looked at between steps.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>What was given to keep.</summary>
    public IReadOnlyList<IDisposable> Kept => kept;

    /// <summary>Keeps a thing as long as the node's place in the cache, and frees it then.</summary>
    public T Keep<T>(T thing) where T : IDisposable
    {
        kept.Add(thing);
        return thing;
    }

    /// <summary>A value.</summary>
    /// <exception cref="LowrankException">It is missing, or of another type.</exception>
    public T Get<T>(string name) where T : GraphValue => Find<T>(name)
        ?? throw new LowrankException($"Node {placed} was given nothing for {name}. Link it, or write a value.");

    /// <summary>A value that may be missing.</summary>
    /// <exception cref="LowrankException">It is of another type.</exception>
    public T? Find<T>(string name) where T : GraphValue => given.GetValueOrDefault(name) switch
    {
        null => null,
        T value => value,
        var other => throw new LowrankException($"Node {placed} was given a {other.Type} for {name}, which is something else."),
    };

    /// <summary>A whole number of everyday size; the default where nothing is given.</summary>
    public int Whole(string name)
    {
        var value = Big(name);
        if (value >= int.MinValue && value <= int.MaxValue) return (int)value;
        throw new LowrankException($"Node {placed} was given {value} for {name}, which is beyond 32 bits.");
    }

    /// <summary>A seed: the lower 64 bits.</summary>
    public ulong Seed(string name) => (ulong)(Big(name) & ulong.MaxValue);

    // What a link brings was not looked at when the graph was checked.
    BigInteger Big(string name)
    {
        var value = Find<WholeValue>(name)?.Value ?? Default<BigInteger>(name);
        bool isBeyond = node.Input(name) is WholeInput { IsSeed: false } whole && (value < whole.Min || value > whole.Max);
        return isBeyond ? throw Beyond(name, value) : value;
    }

    LowrankException Beyond(string name, object value) =>
        new($"Node {placed} was given {PythonText.Str(value)} for {name}, which must be {node.Input(name)!.Range}.");

    /// <summary>A number; the default where nothing is given.</summary>
    public double Number(string name)
    {
        double value = given.GetValueOrDefault(name) is WholeValue whole
            ? (double)whole.Value
            : Find<NumberValue>(name)?.Value ?? Default<double>(name);
        bool isBeyond = node.Input(name) is NumberInput number && !(value >= number.Min && value <= number.Max);
        return isBeyond ? throw Beyond(name, value) : value;
    }

    /// <summary>A switch; the default where nothing is given.</summary>
    public bool Flag(string name) => Find<FlagValue>(name)?.Value ?? Default<bool>(name);

    /// <summary>A text; the default where nothing is given.</summary>
    public string Text(string name) => Find<TextValue>(name)?.Value ?? Default<string>(name);

    /// <summary>One of the input's list; the default where nothing is given.</summary>
    /// <exception cref="LowrankException">It is not in the list.</exception>
    public string Choice(string name)
    {
        string value = Text(name);
        var input = (ChoiceInput)node.Input(name)!;
        var choices = input.Choices(settings.Folders);
        if (choices.Contains(value) || input.Later.Contains(value)) return value;
        throw new LowrankException($"Node {placed} was given \"{value}\" for {name}, which is not one of its choices. " +
            NearestNames.Sentence(value, choices));
    }

    T Default<T>(string name) => node.Input(name)?.Default is T value ? value
        : throw new LowrankException($"Node {placed} was given nothing for {name}, which has no default. Link it, or write a value.");

    /// <summary>Tells of values that links bring what would be told of written ones.</summary>
    public void TellOfLinked()
    {
        foreach (var (name, value) in given)
            if (GraphLink.Of(placed.Inputs.GetValueOrDefault(name)) is not null)
                foreach (string remark in node.Input(name)!.RemarksOn(Written(value))) Shows.Notes.Add($"Node {placed}: {remark}");
    }

    static object? Written(GraphValue value) => value switch
    {
        WholeValue whole => whole.Value,
        NumberValue number => number.Value,
        TextValue text => text.Value,
        FlagValue flag => flag.Value,
        _ => null,
    };

    /// <summary>Tells the user something of how it was computed.</summary>
    public void Note(string sentence) => Shows.Notes.Add($"Node {placed}: {sentence}");
}
