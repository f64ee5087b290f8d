using System.Security.Cryptography;

namespace Lowrank.Graphs;

/// <summary>Files of the input folder that nodes load.</summary>
static class InputFile
{
    static readonly string[] pictureEndings =
        [".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"];

    static readonly string[] movingEndings = [".gif", ".webp"];

    /// <summary>Names of the pictures there.</summary>
    public static IReadOnlyList<string> Pictures(GraphFolders folders) =>
        [.. folders.Inputs.Where(name => pictureEndings.Contains(Path.GetExtension(name).ToLowerInvariant()))];

    /// <summary>Says that a written name stands for no file, in ComfyUI's words.</summary>
    public static IEnumerable<(string Input, string? Why)> Refusals(PlacedNode node, GraphFolders folders, string input, string words)
    {
        bool isLacking = node.Inputs.GetValueOrDefault(input) is string name && !File.Exists(folders.InputPath(name));
        if (isLacking) yield return (input, $"{words}: {node.Inputs[input]}");
    }

    /// <summary>Says that a written name leads out of the folder.</summary>
    public static IEnumerable<string> Faults(PlacedNode node, GraphFolders folders, string input) =>
        node.Inputs.GetValueOrDefault(input) is string name && folders.WhyNotInput(name) is { } why ? [$"{input} {why}"] : [];

    /// <summary>The path of the file that an input names.</summary>
    /// <exception cref="LowrankException">It leads out of the folder.</exception>
    public static string PathOf(NodeRun run, string input)
    {
        string name = run.Text(input);
        return run.Settings.Folders.WhyNotInput(name) is { } why ? throw new LowrankException(why) : run.Settings.Folders.InputPath(name);
    }

    /// <summary>The SHA-256 of the file that a written name stands for; null if there is none.</summary>
    public static string? Fingerprint(PlacedNode node, GraphFolders folders, string input)
    {
        if (node.Inputs.GetValueOrDefault(input) is not string name) return null;
        string path = folders.InputPath(name);
        return File.Exists(path) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) : null;
    }

    /// <summary>Reads the picture that an input names, and tells what of it is not taken.</summary>
    /// <exception cref="LowrankException">There is no such file, or it is no picture.</exception>
    public static LoadedPicture Read(NodeRun run, string input)
    {
        string name = run.Text(input), path = PathOf(run, input);
        if (!File.Exists(path))
        {
            var there = Pictures(run.Settings.Folders).ToList();
            throw new LowrankException($"{Path.GetFullPath(path)} does not exist. " +
                (there.Count == 0 ? "The folder holds no pictures." : NearestNames.Sentence(name, there)));
        }
        if (movingEndings.Contains(Path.GetExtension(name).ToLowerInvariant()) && PictureFile.Look(path).Frames is > 1 and var frames)
            run.Note($"{name} has {frames} frames, of which the first is taken.");
        if (!DeepGrey.Is(path)) return new(PictureFile.ReadWithAlpha(path));
        if (run.Settings.LikeComfyUi) return new(new AlphaPicture(DeepGrey.CutAt255(path), null));
        run.Note($"{name} has 16 bits a pixel, which are brought to 8; ComfyUI shows all above 255 of 65535 white.");
        return new(PictureFile.ReadWithAlpha(path));
    }
}
