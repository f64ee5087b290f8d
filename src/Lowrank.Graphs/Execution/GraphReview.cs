using System.Numerics;

namespace Lowrank.Graphs;

/// <summary>
/// Says in plain words what is wrong with a graph, and what of it is not used: more than ComfyUI's server does, which names no node of a
/// circle and not what a link leads to.
/// </summary>
/// <param name="verdict">What checking the graph found.</param>
/// <param name="folders">Where its files lie.</param>
public sealed class GraphReview(GraphVerdict verdict, GraphFolders folders)
{
    readonly GraphVerdict verdict = verdict ?? throw new ArgumentNullException(nameof(verdict));
    readonly GraphFolders folders = folders ?? throw new ArgumentNullException(nameof(folders));

    ApiGraph Graph => verdict.Graph;

    /// <summary>Why it cannot run whole, a sentence each; empty if it can.</summary>
    public IReadOnlyList<string> Faults()
    {
        var unknown = Graph.Nodes.Where(node => GraphNodes.Find(node.ClassType) is null).Select(GraphNodes.WhyNot).ToList();
        if (unknown.Count > 0) return unknown;
        var faults = new List<string>();
        if (verdict.Fault?.Type == "prompt_no_outputs")
            faults.Add("No node of the graph saves or shows anything, so that there is nothing to run. Add a SaveImage.");
        if (Circle() is { } circle)
            faults.Add($"These nodes hang on each other in a circle: {string.Join(" → ", circle)}. Cut one of its links.");
        faults.AddRange(Graph.Nodes.SelectMany(BrokenLinks));
        faults.AddRange(Graph.Nodes.SelectMany(NotNumbers));
        faults.AddRange(from node in Graph.Nodes from fault in GraphNodes.Of(node).Faults(node, folders) select $"Node {node}: {fault}");
        foreach (var found in verdict.Faults.Values)
            faults.AddRange(found.Faults.Select(fault => Sentence(found.Node, fault)).OfType<string>());
        if (faults.Count == 0) faults.AddRange(Graph.Nodes.Where(IsLost).Select(node =>
            $"Node {node} cannot be run: more than {ApiGraph.Deepest} nodes hang on each other above it. Part the graph."));
        if (faults.Count == 0 && verdict.Fault is { } whole) faults.Add($"{whole.Message}. {whole.Details}".TrimEnd());
        return faults;
    }

    bool IsLost(PlacedNode node) => GraphNodes.Of(node).IsOutput && !verdict.Outputs.Contains(node.Id);

    /// <summary>What is given and not used as it stands, a sentence each.</summary>
    /// <param name="given">The graph before its values were converted.</param>
    public IReadOnlyList<string> Notes(ApiGraph given)
    {
        var order = NodesInOrder();
        var (needed, used) = (order.ToHashSet(), new UsedOutputs(Graph, order));
        var notes = new List<string>();
        foreach (var node in Graph.Nodes)
        {
            if (!needed.Contains(node.Id)) notes.Add($"Node {node} is not run: no output hangs on it.");
            notes.AddRange(Surplus(node).Select(name => $"Node {node} has no input {name}; what is written there is not used."));
            notes.AddRange(Converted(node, given.Find(node.Id)));
            if (!needed.Contains(node.Id)) continue;
            var remarks = GraphNodes.Of(node).Remarks(node, used.Of(node.Id));
            notes.AddRange(remarks.Concat(MissingWords(node)).Select(remark => $"Node {node}: {remark}"));
        }
        return notes;
    }

    /// <summary>What is other than in ComfyUI by defaults, which nobody asked for and its interface writes, a sentence each.</summary>
    public IReadOnlyList<string> DefaultNotes() =>
    [
        .. from node in NodesInOrder().Select(id => Graph.Find(id)!)
           from input in GraphNodes.Of(node).Inputs
           where input.DefaultRemark is not null && Equals(node.Inputs.GetValueOrDefault(input.Name), input.Default)
           select $"Node {node}: {input.Name} {PythonText.Str(input.Default)} {input.DefaultRemark}.",
    ];

    // The interface sends an upload button's value too, which says nothing.
    static IEnumerable<string> Surplus(PlacedNode node)
    {
        var known = GraphNodes.Of(node);
        bool hasUpload = known.Inputs.OfType<ChoiceInput>().Any(input => input.HasUpload);
        return node.Inputs.Keys.Where(name => known.Input(name) is null && !(hasUpload && name == ChoiceInput.UploadButton));
    }

    static IEnumerable<string> Converted(PlacedNode node, PlacedNode? given)
    {
        if (given is null) yield break;
        foreach (var (name, value) in node.Inputs)
        {
            if (!given.Inputs.TryGetValue(name, out object? before) || GraphLink.Of(before) is not null) continue;
            var (said, taken) = (PythonJson.Write(before), PythonJson.Write(value));
            if (said != taken && !IsSameNumber(before, value)) yield return $"Node {node}: {name} is {said}, which is taken as {taken}.";
        }
    }

    // Of texts that are written; one that a link brings is known where it is run.
    IEnumerable<string> MissingWords(PlacedNode node)
    {
        var prompts = GraphNodes.Of(node).Inputs.OfType<TextInput>().Where(input => input.IsPrompt);
        var texts = prompts.Select(input => node.Inputs.GetValueOrDefault(input.Name)).OfType<string>();
        return texts.SelectMany(text => LearntWords.Missing(text, folders)).Distinct();
    }

    static bool IsSameNumber(object? one, object? other) =>
        one is BigInteger or double && other is BigInteger or double && PythonText.Float(one, out _) == PythonText.Float(other, out _);

    /// <summary>Ids of the nodes that the outputs need, each after those that it hangs on.</summary>
    public IReadOnlyList<string> NodesInOrder()
    {
        if (verdict.Outputs.Count == 0) return [];
        var pending = new PendingNodes(Graph, verdict.Outputs, _ => false);
        var order = new List<string>();
        while (pending.Next() is { } id)
        {
            order.Add(id);
            pending.Done(id);
        }
        return order;
    }

    // Within any bounds by Python's rules, and the picture would be black.
    static IEnumerable<string> NotNumbers(PlacedNode node) =>
        from input in GraphNodes.Of(node).Inputs.OfType<NumberInput>()
        where node.Inputs.GetValueOrDefault(input.Name) is double.NaN
        select $"Node {node}: {input.Name} is NaN, and must be {input.Range}.";

    IEnumerable<string> BrokenLinks(PlacedNode node)
    {
        foreach (var (name, written) in node.Inputs)
        {
            if (written is not IReadOnlyList<object?> { Count: 2 } pair || GraphNodes.Of(node).Input(name) is null) continue;
            string from = PythonText.Str(pair[0]);
            if (Graph.Find(from) is not { } other)
                yield return $"Node {node} takes {name} from node {from}, which is not in the graph. " +
                    NearestNames.Sentence(from, Graph.Nodes.Select(one => one.Id));
            else if (pair[0] is not string)
                yield return $"Node {node} takes {name} from node {from}, whose id is written as a number; write \"{from}\".";
            else if (GraphLink.Of(written) is not { } link || link.Slot >= GraphNodes.Of(other).Outputs.Count)
                yield return $"Node {node} takes {name} from output {PythonText.Str(pair[1])} of node {other}, " +
                    $"which has {GraphNodes.Of(other).Outputs.Count}, counted from 0.";
        }
    }

    // The nodes of a circle, the first once more at its end; null if there is none.
    List<PlacedNode>? Circle()
    {
        var done = new HashSet<string>();
        foreach (var node in Graph.Nodes)
            if (CircleFrom(node, [], done) is { } circle) return circle;
        return null;
    }

    List<PlacedNode>? CircleFrom(PlacedNode node, List<PlacedNode> way, HashSet<string> done)
    {
        int before = way.FindIndex(one => one.Id == node.Id);
        if (before >= 0) return [node, .. Enumerable.Reverse(way[(before + 1)..]), node];
        if (way.Count == ApiGraph.Deepest || !done.Add(node.Id)) return null;
        way.Add(node);
        foreach (var (_, link) in node.Links)
            if (Graph.Find(link.From) is { } from && CircleFrom(from, way, done) is { } circle) return circle;
        way.RemoveAt(way.Count - 1);
        return null;
    }

    // Broken links are told apart from here.
    string? Sentence(PlacedNode node, NodeFault fault)
    {
        if (fault.Extra.GetValueOrDefault("input_name") is not string name || GraphNodes.Of(node).Input(name) is not { } input) return null;
        object? value = fault.Extra.GetValueOrDefault("received_value");
        string words = value is null ? "nothing" : PythonJson.Write(value);
        return fault.Type switch
        {
            "required_input_missing" => $"Node {node} lacks {name}: {(input.HasWidget ? "write a value" : $"link a {input.Type}")}.",
            "bad_linked_input" => $"Node {node}: {name} is {words}, and a link is a list of a node's id and a number.",
            "return_type_mismatch" => WrongType(node, input, fault),
            "invalid_input_type" => $"Node {node}: {name} is {words}, and must be {Kind(input)}.",
            "value_smaller_than_min" or "value_bigger_than_max" => $"Node {node}: {name} is {words}, and must be {input.Range}.",
            "value_not_in_list" => NotListed(node, (ChoiceInput)input, value),
            "custom_validation_failed" => NoFile(node, name),
            _ => null,
        };
    }

    string WrongType(PlacedNode node, NodeInput input, NodeFault fault)
    {
        var link = GraphLink.Of(fault.Extra.GetValueOrDefault("linked_node"))!;
        return $"Node {node} takes {input.Name} from output {link.Slot} of node {Graph.Find(link.From)}, " +
            $"which gives {fault.Extra.GetValueOrDefault("received_type")}, and needs {input.Type}.";
    }

    static string Kind(NodeInput input) => input.Type == GraphTypes.Whole ? "a whole number" : "a number";

    string NotListed(PlacedNode node, ChoiceInput input, object? value)
    {
        var choices = input.Choices(folders);
        string word = PythonText.Str(value);
        if (choices.Count == 0)
        {
            string looked = Path.GetFullPath(input.HasUpload ? folders.Input : folders.Models);
            return $"Node {node}: {input.Name} is {word}, and the folder that it is looked for in, {looked} or one in it, holds no files.";
        }
        return $"Node {node}: {input.Name} is {word}, which is not known. {NearestNames.Sentence(word, choices)}";
    }

    // One that leads out of the folder is told apart from here.
    string? NoFile(PlacedNode node, string name)
    {
        string word = PythonText.Str(node.Inputs.GetValueOrDefault(name));
        if (folders.WhyNotInput(word) is not null) return null;
        return $"Node {node}: {Path.GetFullPath(folders.InputPath(word))} does not exist. " +
            (folders.Inputs.Count == 0 ? "The folder holds no files." : NearestNames.Sentence(word, folders.Inputs));
    }
}
