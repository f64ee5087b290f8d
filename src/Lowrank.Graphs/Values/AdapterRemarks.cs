namespace Lowrank.Graphs;

/// <summary>What a user should know of an adapter file that a graph uses.</summary>
public static class AdapterRemarks
{
    /// <summary>A sentence for each thing: what its reader noted, and what of it is not used.</summary>
    /// <param name="adapter">What was read.</param>
    /// <param name="name">The file's name.</param>
    public static IEnumerable<string> Of(Adapter adapter, string name) =>
    [
        .. adapter.Notes.Select(note => $"{name}: {note}"),
        .. adapter.PassedOver.Select(unused => $"{name}, not used: {unused}"),
        .. adapter.Embeddings.Select(word => $"the word \"{word.Name}\" in {name} is not used: graphs take words from the folder embeddings."),
    ];
}
