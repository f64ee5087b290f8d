namespace Lowrank.Graphs;

/// <summary>A class of nodes: what it takes, what it gives, and how it is computed.</summary>
public abstract class GraphNode
{
    /// <summary>Its name in documents, which is ComfyUI's.</summary>
    public abstract string ClassType { get; }

    /// <summary>What ComfyUI's interface calls it.</summary>
    public virtual string Title => ClassType;

    /// <summary>Its inputs, those that must be given first, in ComfyUI's order.</summary>
    public abstract IReadOnlyList<NodeInput> Inputs { get; }

    /// <summary>The types of its outputs.</summary>
    public abstract IReadOnlyList<string> Outputs { get; }

    /// <summary>Whether a graph is run for its sake: it saves or shows something.</summary>
    public virtual bool IsOutput => false;

    /// <summary>Names of inputs whose written values it checks itself (<see cref="Refusals"/>), not by their declaration.</summary>
    public virtual IReadOnlyList<string> ChecksItself => [];

    /// <summary>What is wrong with written values, by the input's name, in ComfyUI's words; null for no words.</summary>
    public virtual IEnumerable<(string Input, string? Why)> Refusals(PlacedNode node, GraphFolders folders) => [];

    /// <summary>
    /// What is wrong with written values that ComfyUI finds, if at all, as the node is run; in sentences that stand behind the node's name.
    /// </summary>
    public virtual IEnumerable<string> Faults(PlacedNode node, GraphFolders folders) => [];

    /// <summary>
    /// What it hangs on besides its inputs, as the bytes of a file; null for nothing. A node whose fingerprint changed is computed anew.
    /// </summary>
    public virtual string? Fingerprint(PlacedNode node, GraphFolders folders) => null;

    /// <summary>The outputs in which an input has a part, by their numbers; all of them, unless a class knows better.</summary>
    public virtual IEnumerable<int> OutputsOf(string input) => Enumerable.Range(0, Outputs.Count);

    /// <summary>What of the written values has no effect, a sentence each, which stands behind the node's name.</summary>
    /// <param name="node">The node.</param>
    /// <param name="use">What becomes of its outputs.</param>
    public virtual IEnumerable<string> Remarks(PlacedNode node, OutputUse use) =>
        from input in Inputs
        where node.Inputs.ContainsKey(input.Name)
        from remark in input.RemarksOn(node.Inputs[input.Name])
        select remark;

    /// <summary>Computes it.</summary>
    /// <param name="run">Its inputs, and where it says what it did.</param>
    /// <returns>
    /// A value for each output. Tensors born in it that are not in a value are freed; those in values live with its place in the cache.
    /// </returns>
    public abstract IReadOnlyList<GraphValue> Run(NodeRun run);

    /// <summary>The input of that name; null if it declares none.</summary>
    public NodeInput? Input(string name) => Inputs.FirstOrDefault(input => input.Name == name);
}
