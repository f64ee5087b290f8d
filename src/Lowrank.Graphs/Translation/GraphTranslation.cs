namespace Lowrank.Graphs;

/// <summary>
/// Makes a graph as the interface saves it into one as the server takes it: what ComfyUI's frontend 1.27.10 does before it sends
/// (graphToPrompt, ExecutableNodeDTO).
/// </summary>
public sealed class GraphTranslation
{
    readonly SavedGraph saved;
    readonly Dictionary<string, SavedNode> nodes;
    readonly SavedLinks links;
    readonly SavedTexts texts;
    readonly List<string> notes = [];

    GraphTranslation(SavedGraph saved)
    {
        this.saved = saved;
        nodes = SavedGraph.ById(saved.Nodes, node => node.Id, "nodes");
        links = new(nodes, saved.Links);
        texts = new(saved, DateTime.Now, notes);
    }

    /// <summary>Translates a graph.</summary>
    /// <exception cref="LowrankException">Widgets of a node are not understood.</exception>
    public static TranslatedGraph Of(SavedGraph saved) => new GraphTranslation(saved).Translated();

    TranslatedGraph Translated()
    {
        var sent = saved.Nodes.Where(IsSent).OrderBy(node => node.Order).ToList();
        var ids = sent.Select(node => node.Id).ToHashSet();
        var graph = new ApiGraph([.. sent.Select(node => Placed(node, ids))]);
        return new(graph, notes);
    }

    bool IsSent(SavedNode node)
    {
        if (node.IsVirtual) return false;
        if (node.IsMuted) notes.Add($"Node {node} is muted: it is left out, with the inputs that hang on it.");
        if (node.IsBypassed) notes.Add($"Node {node} is bypassed: links lead through it by their types.");
        return !node.IsMuted && !node.IsBypassed;
    }

    PlacedNode Placed(SavedNode node, HashSet<string> sent)
    {
        var inputs = new SavedWidgets(node, notes).Values();
        foreach (var slot in node.Inputs.Where(slot => slot.Link is not null))
        {
            var source = links.SourceOf(slot);
            if (source is GraphLink link && sent.Contains(link.From)) inputs[slot.Name] = link.Written;
            else if (source is not (null or GraphLink)) inputs[slot.Name] = SavedWidgets.Sent(source);
            else
            {
                bool isWritten = source is null && inputs.ContainsKey(slot.Name);
                if (!isWritten) inputs.Remove(slot.Name);
                notes.Add($"Node {node}: nothing that is sent stands behind the link to {slot.Name}, " +
                    (isWritten ? "whose written value is taken." : "which is left out."));
            }
        }
        texts.Apply(node, inputs);
        return new(node.Id, node.Type, inputs) { Title = TitleOf(node) };
    }

    /// <summary>What the interface shows above a node.</summary>
    internal static string TitleOf(SavedNode node) => node.Title ?? GraphNodes.Find(node.Type)?.Title ?? node.Type;
}
