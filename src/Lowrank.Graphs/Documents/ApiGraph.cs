using System.Text.Json;

namespace Lowrank.Graphs;

/// <summary>A graph as ComfyUI's <c>/prompt</c> takes it ("API format"): nodes by id, each with its class and inputs.</summary>
public sealed class ApiGraph
{
    /// <summary>Most nodes that hang on each other one after the other; Python's stack, and so ComfyUI, ends before.</summary>
    public const int Deepest = 1000;

    readonly OrderedDictionary<string, PlacedNode> nodes;

    /// <summary>A graph of these nodes, whose ids are told apart.</summary>
    /// <exception cref="LowrankException">Two have one id, or a value is of a kind that no graph holds.</exception>
    public ApiGraph(IEnumerable<PlacedNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        this.nodes = [];
        foreach (var node in nodes)
            if (!this.nodes.TryAdd(node.Id, node.InGraphKinds()))
                throw new LowrankException($"Two nodes of the graph have the id {node.Id}. Give one of them another.");
    }

    /// <summary>The nodes in the document's order.</summary>
    public IReadOnlyList<PlacedNode> Nodes => [.. nodes.Values];

    /// <summary>The node of that id; null if there is none.</summary>
    public PlacedNode? Find(string id) => nodes.GetValueOrDefault(id);

    /// <summary>The node of that id, which is there.</summary>
    public PlacedNode this[string id] => nodes[id];

    /// <summary>Reads a document.</summary>
    /// <exception cref="LowrankException">It is no JSON, or no graph in this format.</exception>
    public static ApiGraph Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return Of(PythonJson.Read(json));
        }
        catch (JsonException error)
        {
            throw new LowrankException($"The graph cannot be read: {JsonWords.Fault(error, json)}", error);
        }
    }

    /// <summary>The graph that read JSON describes.</summary>
    /// <exception cref="LowrankException">It describes none in this format.</exception>
    public static ApiGraph Of(object? document)
    {
        if (document is not IReadOnlyDictionary<string, object?> fields)
            throw new LowrankException($"A graph is an object of nodes by id, and this is {JsonWords.Kind(document)}.");
        return new(fields.Select(field => NodeOf(field.Key, field.Value)));
    }

    static PlacedNode NodeOf(string id, object? written)
    {
        if (written is not IReadOnlyDictionary<string, object?> fields)
            throw new LowrankException($"Node {id} of the graph is {JsonWords.Kind(written)}, and must be an object " +
                "with class_type and inputs. Is this a graph in the API format (Workflow > Export (API))?");
        object? given = fields.GetValueOrDefault("inputs");
        var inputs = given as IReadOnlyDictionary<string, object?>;
        if (given is not null && inputs is null)
            throw new LowrankException(
                $"The inputs of node {id} are {JsonWords.Kind(given)}, and must be an object: values and links by name.");
        var meta = fields.GetValueOrDefault("_meta") as IReadOnlyDictionary<string, object?>;
        return new(id, fields.GetValueOrDefault("class_type") as string, inputs ?? new OrderedDictionary<string, object?>())
        {
            Title = meta?.GetValueOrDefault("title") as string,
            Fields = fields,
        };
    }

    /// <summary>The document, as <see cref="PythonJson"/> writes it.</summary>
    public OrderedDictionary<string, object?> Written() =>
        new(nodes.Select(pair => KeyValuePair.Create<string, object?>(pair.Key, Written(pair.Value))));

    static OrderedDictionary<string, object?> Written(PlacedNode node)
    {
        var fields = new OrderedDictionary<string, object?>();
        foreach (var (name, value) in node.Fields ?? Said(node)) fields[name] = name == "inputs" ? node.Inputs : value;
        return fields;
    }

    static OrderedDictionary<string, object?> Said(PlacedNode node)
    {
        var fields = new OrderedDictionary<string, object?> { ["inputs"] = node.Inputs };
        if (node.ClassType is { } className) fields["class_type"] = className;
        if (node.Title is { } title) fields["_meta"] = new OrderedDictionary<string, object?> { ["title"] = title };
        return fields;
    }
}
