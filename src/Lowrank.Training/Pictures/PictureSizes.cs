using System.Globalization;

namespace Lowrank.Training;

/// <summary>Looks through pictures before anything is loaded: whether they are whole, how large they are, what is cropped away.</summary>
public static class PictureSizes
{
    // Below this nobody sees it: a row of pixels.
    const double Noticed = 0.01;

    /// <summary>
    /// Makes sure that every picture can be read to its end, and is as large as the training size unless smaller ones are to be enlarged.
    /// </summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="section">The training size.</param>
    /// <param name="account">Told what is cropped away, enlarged, or no single picture.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancel">Looked at between pictures.</param>
    /// <returns>The pictures, with the hashes of their files.</returns>
    /// <exception cref="LowrankException">Names all that are broken, or all that are too small.</exception>
    public static IReadOnlyList<TrainingPicture> Check(
        IReadOnlyList<TrainingPicture> pictures, PictureSection section, Account account, Action<int, int> progress,
        CancellationToken cancel)
    {
        var (looked, broken) = (new List<(TrainingPicture Picture, PictureFacts Facts)>(), new List<string>());
        foreach (var picture in pictures)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                looked.Add((picture, PictureFile.Look(picture.Path)));
            }
            catch (LowrankException error)
            {
                broken.Add(error.Message);
            }
            progress(looked.Count + broken.Count, pictures.Count);
        }
        if (broken.Count == 1) throw new LowrankException(broken[0]);
        if (broken.Count > 1)
            throw new LowrankException($"{broken.Count} of {pictures.Count} pictures cannot be read: {string.Join(" ", broken)}");
        RefuseSmall(looked, section);
        Account(looked, section, account);
        return [.. looked.Select(one => one.Picture with { Hash = one.Facts.Hash })];
    }

    static void RefuseSmall(List<(TrainingPicture Picture, PictureFacts Facts)> looked, PictureSection section)
    {
        if (section.AllowUpscale) return;
        string[] small = [.. looked.Where(one => IsSmall(one.Facts, section)).Select(one => Told(one.Picture, one.Facts))];
        if (small.Length == 0) return;
        throw new LowrankException(
            $"{small.Length} of {looked.Count} pictures are smaller than the training size {section.Size}: {Listing.Of(small)}. " +
            "Take larger ones, train at a smaller size (width, height), or have them enlarged, which teaches blur (allow_upscale: true).");
    }

    static bool IsSmall(PictureFacts facts, PictureSection section) => facts.Width < section.Width || facts.Height < section.Height;

    static string Told(TrainingPicture picture, PictureFacts facts) => $"{picture.Path} ({facts.Width}x{facts.Height})";

    static void Account(List<(TrainingPicture Picture, PictureFacts Facts)> looked, PictureSection section, Account account)
    {
        var shares = looked.Select(one => (one.Picture, one.Facts, Share: CroppedAway(one.Facts, section.Size))).ToList();
        var worst = shares.MaxBy(one => one.Share);
        string mean = Percent(shares.Average(one => one.Share));
        if (worst.Share < Noticed) account.Takes("cropped", $"nothing of the pictures is cropped away at {section.Size}");
        else
            account.Leaves("cropped", $"{mean} of the pictures are cropped away to fit {section.Size}, " +
                $"at most {Percent(worst.Share)}, of {Told(worst.Picture, worst.Facts)}");
        string[] enlarged = [.. looked.Where(one => IsSmall(one.Facts, section)).Select(one => Told(one.Picture, one.Facts))];
        if (enlarged.Length > 0)
            account.Takes("enlarged", $"{Listing.Of(enlarged)}: smaller than {section.Size}, and enlarged as allow_upscale says");
        string[] transparent = [.. looked.Where(one => one.Facts.IsTransparent).Select(one => one.Picture.Path)];
        if (transparent.Length > 0)
            account.Leaves("alpha", $"the alpha channel of {Listing.Count(transparent.Length, "picture")} is not learnt, and what " +
                $"it leaves out is white: {Listing.Of(transparent)}");
        string[] moving = [.. looked.Where(one => one.Facts.Frames > 1).Select(one => $"{one.Picture.Path} ({one.Facts.Frames})")];
        if (moving.Length > 0)
            account.Leaves("frames", $"of files with several frames or pages the first is learnt alone: {Listing.Of(moving)}");
    }

    /// <summary>The share of a picture's area that is cropped away when it covers a size.</summary>
    public static double CroppedAway(PictureFacts facts, PictureSize size)
    {
        double scale = Math.Max((double)size.Width / facts.Width, (double)size.Height / facts.Height);
        double covered = scale * facts.Width * (scale * facts.Height);
        return Math.Max(0, 1 - (double)size.Width * size.Height / covered);
    }

    static string Percent(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);
}
