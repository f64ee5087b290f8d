namespace Lowrank.Testing;

/// <summary>Real models, which lie in no repository: tests that need one are skipped by name where it is not there.</summary>
public static class RealModels
{
    /// <summary>The folder of a model: in models/ of the repository, in the folder that LOWRANK_MODELS names, or beside the goldens; null
    /// where there is none.</summary>
    public static string? Folder(string name)
    {
        var around = new List<string> { Path.Combine(GoldenFolder.Repository, "models") };
        if (Environment.GetEnvironmentVariable("LOWRANK_MODELS") is { Length: > 0 } told) around.Add(told);
        for (string? at = GoldenFolder.Root; at is not null; at = Path.GetDirectoryName(at)) around.Add(Path.Combine(at, "models"));
        return around.Select(folder => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists);
    }

    /// <summary>The folder of a model, or the end of the test as one that was not run.</summary>
    public static string Need(string name)
    {
        string? folder = Folder(name);
        Xunit.Assert.SkipWhen(folder is null, $"models/{name} is not there; LOWRANK_MODELS may name the folder that holds {name}");
        return folder!;
    }
}
