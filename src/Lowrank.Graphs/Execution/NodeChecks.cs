namespace Lowrank.Graphs;

/// <summary>Checks nodes one after the other, each after those that it hangs on.</summary>
/// <param name="graph">The graph.</param>
/// <param name="folders">Where its files lie.</param>
sealed class NodeChecks(ApiGraph graph, GraphFolders folders)
{
    readonly OrderedDictionary<string, (bool IsGood, List<NodeFault> Faults)> done = [];
    readonly Dictionary<string, OrderedDictionary<string, object?>> converted = [];
    readonly Stack<string> under = [];

    /// <summary>The graph as it was given.</summary>
    public ApiGraph Graph => graph;

    /// <summary>The graph with the values that were checked converted.</summary>
    public ApiGraph Converted() => new(graph.Nodes.Select(node =>
        converted.TryGetValue(node.Id, out var inputs) ? node with { Inputs = inputs } : node));

    /// <summary>Nodes that were checked and have faults of their own.</summary>
    public IEnumerable<KeyValuePair<string, List<NodeFault>>> Found =>
        from one in done
        where !one.Value.IsGood && one.Value.Faults.Count > 0
        select KeyValuePair.Create(one.Key, one.Value.Faults);

    /// <summary>Faults of a node's own.</summary>
    public IReadOnlyList<NodeFault> FaultsOf(string id) => done[id].Faults;

    /// <summary>Whether an output and all that it hangs on can run.</summary>
    public bool IsGood(string output)
    {
        try
        {
            return Check(output);
        }
        catch (CheckFailure failure)
        {
            done[output] = (false, [failure.Fault("exception_during_validation", "Exception when validating node", [])]);
            return false;
        }
    }

    bool Check(string id)
    {
        if (done.TryGetValue(id, out var known)) return known.IsGood;
        // ComfyUI runs round a circle until Python's stack is full, and then names no node.
        if (under.Contains(id) || under.Count == ApiGraph.Deepest) throw new CircleFailure();
        under.Push(id);
        try
        {
            var placed = graph.Find(id) ?? throw new CheckFailure("KeyError", PythonText.Repr(id));
            var node = GraphNodes.Of(placed);
            converted[id] = new(placed.Inputs);
            var faults = new List<NodeFault>();
            bool good = true;
            foreach (var input in node.Inputs) good &= Check(placed, node, input, faults);
            foreach (var (input, why) in node.Refusals(placed with { Inputs = converted[id] }, folders))
            {
                string details = why is null ? input : $"{input} - {why}";
                faults.Add(Fault("custom_validation_failed", "Custom validation failed for node", details, input));
            }
            done[id] = (good && faults.Count == 0, faults);
            return done[id].IsGood;
        }
        finally
        {
            under.Pop();
        }
    }

    // Whether what stands above the input is good; faults of the node's own go into the list.
    bool Check(PlacedNode placed, GraphNode node, NodeInput input, List<NodeFault> faults)
    {
        if (!placed.Inputs.TryGetValue(input.Name, out object? value))
        {
            if (!input.IsOptional) faults.Add(Fault("required_input_missing", "Required input is missing", input.Name, input.Name));
            return true;
        }
        if (value is IReadOnlyList<object?> link) return CheckLink(input, link, faults);
        var (kept, fault) = new WrittenValue(input, folders).Convert(value);
        if (fault is null)
        {
            converted[placed.Id][input.Name] = kept;
            if (!node.ChecksItself.Contains(input.Name)) fault = new WrittenValue(input, folders).Check(kept);
        }
        if (fault is not null) faults.Add(fault);
        return true;
    }

    bool CheckLink(NodeInput input, IReadOnlyList<object?> link, List<NodeFault> faults)
    {
        if (link.Count != 2)
        {
            faults.Add(Fault("bad_linked_input", "Bad linked input, must be a length-2 list of [node_id, slot_index]", input.Name,
                input.Name, new("input_config", Config(input)), new("received_value", link)));
            return true;
        }
        string received = ReceivedType(link);
        if (!Fits(received, input.Type))
        {
            faults.Add(Fault("return_type_mismatch", "Return type mismatch between linked nodes",
                $"{input.Name}, received_type({received}) mismatch input_type({SpecText(input)})", input.Name,
                new("input_config", Config(input)), new("received_type", received), new("linked_node", link)));
            return true;
        }
        string from = (string)link[0]!;
        try
        {
            return Check(from);
        }
        catch (CheckFailure failure)
        {
            done[from] = (false, failure.NamesNode
                ? [failure.Fault("exception_during_inner_validation", "Exception when validating inner node",
                    [new("input_name", input.Name), new("input_config", Config(input))], [new("linked_node", link)])]
                : []);
            return false;
        }
    }

    string ReceivedType(IReadOnlyList<object?> link)
    {
        // Ids are texts: a number is no key of the graph.
        if (link[0] is not string from || graph.Find(from) is not { } other)
            throw new CheckFailure("KeyError", PythonText.Repr(link[0]));
        var outputs = GraphNodes.Of(other).Outputs;
        if (link[1] is not System.Numerics.BigInteger slot)
            throw new CheckFailure("TypeError", $"tuple indices must be integers or slices, not {PythonText.TypeName(link[1])}");
        if (slot < 0 || slot >= outputs.Count) throw new CheckFailure("IndexError", "tuple index out of range");
        return outputs[(int)slot];
    }

    static bool Fits(string received, string wanted) =>
        received == wanted || received == GraphTypes.Any || wanted == GraphTypes.Any
        || received.Split(',').Intersect(wanted.Split(',')).Any();

    List<object?> Config(NodeInput input) => new WrittenValue(input, folders).Config;

    string SpecText(NodeInput input) => PythonText.Str(input.Spec(folders));

    static NodeFault Fault(string type, string message, string details, string input, params KeyValuePair<string, object?>[] more) =>
        new(type, message, details)
        {
            Extra = new OrderedDictionary<string, object?>([new("input_name", input), .. more]),
        };
}
