using Lowrank.Testing;

namespace Lowrank.Models.Tests;

/// <summary>Model folders that lie in the repository.</summary>
static class Folders
{
    /// <summary>A real small model.</summary>
    public static string Emoji => Path.Combine(GoldenFolder.Repository, "models", "emoji-sd");

    /// <summary>A tiny model of random weights: "sd1", "sd2", "sdxl".</summary>
    public static string Tiny(string name) => Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", name);

    /// <summary>A copy of a model's folder that a test may spoil.</summary>
    public static string Copy(string folder)
    {
        string copy = Directory.CreateTempSubdirectory("lowrank-model-").FullName;
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    /// <summary>Replaces text in a file of a copied folder.</summary>
    public static void Edit(string folder, string file, string from, string to)
    {
        string path = Path.Combine(folder, file), text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }
}
