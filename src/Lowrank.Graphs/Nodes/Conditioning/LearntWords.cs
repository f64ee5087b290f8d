namespace Lowrank.Graphs;

/// <summary>Words of textual inversion that prompts ask for by "embedding:name", read from the folder embeddings.</summary>
static class LearntWords
{
    static readonly string[] endings = ["", ".safetensors", ".pt", ".bin"];

    /// <summary>Teaches them to the text encoders until what is returned is disposed of.</summary>
    /// <remarks>A name whose file there is not is told, and left out of the prompt as ComfyUI does.</remarks>
    public static IDisposable In(NodeRun run, GraphBase of, IReadOnlyList<string> texts)
    {
        var taught = new Taught();
        try
        {
            foreach (string name in texts.SelectMany(ComfyEncoding.EmbeddingsIn).Distinct())
            {
                if (WhyNot(run.Settings.Folders, name) is { } why)
                {
                    run.Note(why);
                    continue;
                }
                string path = FileOf(run.Settings.Folders, name)!;
                using var read = AdapterFile.Read(path, of.Model.Describe());
                if (read.Embeddings.Count == 0) throw new LowrankException($"{path} holds no learnt word.");
                foreach (var word in read.Embeddings) taught.Add(of.Model.Teach(name, word.Vectors));
            }
            return taught;
        }
        catch
        {
            taught.Dispose();
            throw;
        }
    }

    /// <summary>A sentence on each word of a text that has no file in the folder.</summary>
    public static IEnumerable<string> Missing(string text, GraphFolders folders) =>
        ComfyEncoding.EmbeddingsIn(text).Select(name => WhyNot(folders, name)).OfType<string>();

    static string? WhyNot(GraphFolders folders, string name)
    {
        if (PlaceInFolder.WhyNot(Root(folders), name, "embeddings") is { } why) return $"embedding:{name} is left out: {why}";
        return FileOf(folders, name) is not null ? null
            : $"embedding:{name} is left out: {Path.GetFullPath(Root(folders))} has no such file.";
    }

    static string Root(GraphFolders folders) => Path.Combine(folders.Models, "embeddings");

    static string? FileOf(GraphFolders folders, string name) =>
        endings.Select(ending => Path.Combine(Root(folders), name + ending)).FirstOrDefault(File.Exists);

    sealed class Taught : IDisposable
    {
        readonly Stack<IDisposable> held = [];

        public void Add(IDisposable one) => held.Push(one);

        public void Dispose()
        {
            while (held.TryPop(out var one)) one.Dispose();
        }
    }
}
