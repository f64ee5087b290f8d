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
                string root = Path.Combine(run.Settings.Folders.Models, "embeddings");
                if (PlaceInFolder.WhyNot(root, name, "embeddings") is { } why)
                {
                    run.Note($"embedding:{name} is left out: {why}");
                    continue;
                }
                string? path = endings.Select(ending => Path.Combine(root, name + ending)).FirstOrDefault(File.Exists);
                if (path is null)
                {
                    run.Note($"embedding:{name} is left out: {Path.GetFullPath(root)} has no such file.");
                    continue;
                }
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
