namespace Lowrank.Graphs;

/// <summary>Pictures that nodes save: PNG files with the graph that made them in tEXt chunks.</summary>
static class SavedPictures
{
    /// <summary>Saves pictures (N, H, W, C), each in a file of its own.</summary>
    public static void Save(NodeRun run, Tensor pixels, string folder, string prefix, string kind)
    {
        var names = new SavedNames(folder, prefix, pixels.shape[2], pixels.shape[1], kind);
        for (int i = 0; i < pixels.shape[0]; i++)
        {
            using var scope = NewDisposeScope();
            byte[] png = PictureFile.PngBytes(PictureBytes.Of(pixels[i], run.Settings.LikeComfyUi));
            // Each text is put in front of those that are there.
            foreach (var text in run.Texts.Reverse()) png = PngText.Insert(png, text.Key, PythonJson.Write(text.Value));
            var file = names.Next(".png", i);
            Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
            AtomicFile.Write(file.Path, stream => stream.Write(png));
            run.Shows.Files.Add(file);
        }
    }

    /// <summary>Saves pictures in the folder for previews.</summary>
    public static void Preview(NodeRun run, Tensor pixels) =>
        Save(run, pixels, run.Settings.Folders.Temporary, "ComfyUI_temp", "temp");
}
