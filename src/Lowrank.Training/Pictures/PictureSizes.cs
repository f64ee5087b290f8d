namespace Lowrank.Training;

/// <summary>Looks at the pictures' headers before anything is loaded.</summary>
public static class PictureSizes
{
    const int Shown = 8;

    /// <summary>Makes sure that every picture is one, and as large as the training size unless smaller ones are to be enlarged.</summary>
    /// <exception cref="LowrankException">Names the broken picture, or all that are too small.</exception>
    public static void Check(IReadOnlyList<TrainingPicture> pictures, PictureSection recipe)
    {
        var small = new List<string>();
        foreach (var picture in pictures)
        {
            var (width, height) = PictureFile.ReadSize(picture.Path);
            if (width < recipe.Width || height < recipe.Height) small.Add($"{picture.Path} ({width}x{height})");
        }
        if (small.Count == 0 || recipe.AllowUpscale) return;
        string shown = string.Join(", ", small.Take(Shown));
        string more = small.Count > Shown ? $" and {small.Count - Shown} more" : "";
        throw new LowrankException(
            $"{small.Count} of {pictures.Count} pictures are smaller than the training size {recipe.Size}: {shown}{more}. " +
            "Take larger ones, train at a smaller size (width, height), or have them enlarged, which teaches blur (allow_upscale: true).");
    }
}
