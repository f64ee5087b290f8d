namespace Lowrank.Workbench;

/// <summary>Files that a request for pictures gives: whether they are there and of their kind, before anything is loaded.</summary>
public static class GivenFiles
{
    /// <summary>Refuses what is no file or folder of weights.</summary>
    /// <param name="option">What gives it, as messages name it: "`vae`".</param>
    /// <param name="path">The path; null is none.</param>
    /// <exception cref="LowrankException">It does not exist, or is a picture.</exception>
    public static void RequireWeights(string option, string? path)
    {
        if (path is null) return;
        if (!Path.Exists(path)) throw Missing(option, path);
        RefusePicture(option, path, "a file of weights");
    }

    /// <summary>Refuses what is no picture.</summary>
    /// <inheritdoc cref="RequireWeights"/>
    public static void RequirePicture(string option, string? path)
    {
        if (path is null) return;
        if (!File.Exists(path)) throw Missing(option, path);
        if (PictureSignature.OfFile(path) is null && Containers.KindOf(path) is { } kind)
            throw new LowrankException($"{path} holds weights ({kind}), and {option} wants a picture.");
    }

    /// <summary>Refuses a picture, or weights, where a text is read.</summary>
    /// <inheritdoc cref="RequireWeights"/>
    public static void RequireText(string option, string path)
    {
        if (!File.Exists(path)) throw Missing(option, path);
        RefusePicture(option, path, "a text");
        if (Containers.KindOf(path) is { } kind) throw new LowrankException($"{path} holds weights ({kind}), and {option} wants a text.");
    }

    /// <summary>Refuses what is no folder.</summary>
    /// <inheritdoc cref="RequireWeights"/>
    public static void RequireFolder(string option, string path)
    {
        if (File.Exists(path)) throw new LowrankException($"{path} is a file, and {option} wants a folder.");
        if (!Directory.Exists(path)) throw Missing(option, path);
    }

    static LowrankException Missing(string option, string path) => new(
        $"{path} does not exist{NearestFiles.Told(path)}. It was given by {option}.");

    static void RefusePicture(string option, string path, string wanted)
    {
        if (File.Exists(path) && PictureSignature.OfFile(path) is { } kind)
            throw new LowrankException($"{path} is a picture ({kind}), and {option} wants {wanted}.");
    }
}
