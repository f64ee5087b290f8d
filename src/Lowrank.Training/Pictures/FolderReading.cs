namespace Lowrank.Training;

/// <summary>Goes through picture folders, and keeps account of every file in them.</summary>
sealed class FolderReading
{
    readonly Account account = new();
    readonly List<TrainingPicture> pictures = [];
    readonly Dictionary<string, ListedCaption> listed = [];
    readonly List<string> folders = [], unread = [], masks = [], hidden = [], deeper = [], elsewhere = [], beside = [], others = [];
    readonly List<string> captionless = [], alone = [], noted = [], passed = [], empty = [], broken = [], bare = [], uncounted = [];
    int captioned, byTokens;

    /// <summary>The pictures that are taken.</summary>
    public IReadOnlyList<TrainingPicture> Pictures => pictures;

    /// <summary>The folders in a folder that are not hidden, in order.</summary>
    public static IEnumerable<string> FoldersIn(string folder) =>
        Directory.EnumerateDirectories(folder).Where(path => !PictureEndings.IsHidden(path)).Order(StringComparer.Ordinal);

    /// <summary>Reads the lists of captions in a folder, if there are any.</summary>
    public void ReadList(string folder)
    {
        try
        {
            CaptionList.Read(folder, listed, account);
        }
        catch (LowrankException error)
        {
            broken.Add(error.Message);
        }
    }

    /// <summary>Throws where captions cannot be read.</summary>
    /// <exception cref="LowrankException">Names all of them.</exception>
    public void RefuseBroken()
    {
        if (broken.Count == 1) throw new LowrankException(broken[0]);
        if (broken.Count > 1) throw new LowrankException($"{broken.Count} captions cannot be read: {string.Join(" ", broken)}");
    }

    /// <summary>Takes the pictures of a folder of repeats; what lies in folders further inside is passed over.</summary>
    public void AddRepeated(string folder, int repeats, string tokens)
    {
        ReadList(folder);
        int before = pictures.Count;
        Add(folder, repeats, tokens);
        int captions = Directory.EnumerateFiles(folder).Count(path => !PictureEndings.IsHidden(path) && Captions.IsCaption(path));
        if (pictures.Count == before) bare.Add($"{folder} ({Listing.Count(captions, "caption")})");
        foreach (var inner in FoldersIn(folder)) deeper.AddRange(PicturesUnder(inner));
    }

    /// <summary>Takes the pictures of a folder.</summary>
    public void Add(string folder, int repeats, string tokens)
    {
        var captions = new FolderCaptions(folder, listed);
        int before = pictures.Count;
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            if (Takes(path)) pictures.Add(Captioned(path, captions, repeats, tokens));
        if (pictures.Count == before) return;
        folders.Add($"{Listing.Count(pictures.Count - before, "picture")} in {folder}, each {Times(repeats)} an epoch");
        alone.AddRange(captions.Alone.Where(path => !PictureEndings.IsCompanion(path)));
    }

    static string Times(int repeats) => repeats == 1 ? "once" : $"{repeats} times";

    // Whether a file is a picture that is learnt; any other is put on the list that it belongs to.
    bool Takes(string path)
    {
        bool isPicture = PictureEndings.IsPicture(path);
        if (PictureEndings.IsHidden(path))
        {
            if (isPicture) hidden.Add(path);
            return false;
        }
        if (isPicture && PictureEndings.IsCompanion(path)) masks.Add(path);
        else if (isPicture && PictureEndings.CanBeRead(path)) return true;
        else if (isPicture) unread.Add(path);
        else if (!IsExpected(path)) others.Add(path);
        return false;
    }

    static bool IsExpected(string path) =>
        Captions.IsCaption(path) || PictureEndings.IsLeftover(path) || CaptionList.Names.Contains(Path.GetFileName(path));

    TrainingPicture Captioned(string path, FolderCaptions captions, int repeats, string tokens)
    {
        var found = FoundIn(captions, path);
        if (found.HasNotes) noted.Add(path);
        passed.AddRange(found.Passed);
        empty.AddRange(found.Unread);
        if (found.Text is not null) captioned++;
        else if (tokens.Length > 0) byTokens++;
        else captionless.Add(path);
        return new(path, found.Text ?? tokens, repeats, FolderName(path));
    }

    FoundCaption FoundIn(FolderCaptions captions, string path)
    {
        try
        {
            return captions.Of(path);
        }
        catch (LowrankException error)
        {
            broken.Add(error.Message);
            return new(null, false, [], []);
        }
    }

    static string FolderName(string path) => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)))!;

    /// <summary>Passes over pictures that lie directly in a folder whose sub-folders are taken.</summary>
    public void PassBeside(string folder) =>
        beside.AddRange(Directory.EnumerateFiles(folder).Where(IsOpenPicture).Order(StringComparer.Ordinal));

    /// <summary>Passes over a folder that is not one of repeats.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="insideFlat">Whether it lies in a folder whose own pictures are taken.</param>
    public void PassFolder(string folder, bool insideFlat)
    {
        var found = PicturesUnder(folder).ToList();
        if (found.Count == 0) return;
        if (PictureFolder.IsCountOutOfRange(Path.GetFileName(folder))) uncounted.Add($"{folder} ({Listing.Count(found.Count, "picture")})");
        else if (insideFlat && pictures.Count > 0) deeper.AddRange(found);
        else elsewhere.Add($"{folder} ({Listing.Count(found.Count, "picture")})");
    }

    static IEnumerable<string> PicturesUnder(string folder) =>
        Directory.EnumerateFiles(folder).Where(IsOpenPicture).Concat(FoldersIn(folder).SelectMany(PicturesUnder));

    static bool IsOpenPicture(string path) => !PictureEndings.IsHidden(path) && PictureEndings.IsPicture(path);

    /// <summary>All that was found.</summary>
    public Account Account()
    {
        if (pictures.Count > 0) account.Takes("pictures", string.Join("; ", folders));
        Leave("pictures_unread", unread, "passed over, since such files cannot be read here; save them as PNG or JPEG");
        Leave("pictures_in_deeper_folders", deeper, "passed over: they lie in a folder further inside; move them up");
        if (elsewhere.Count > 0)
            account.Leaves("folders_passed_over", $"{Listing.Of(elsewhere)}: passed over, since the name does not begin with a number of " +
                "repeats and an underscore, as in 10_name");
        Leave("folders_out_of_range", uncounted, $"passed over, since the number of repeats is out of range (1 to {int.MaxValue})");
        Leave("folders_without_pictures", bare, "of the form <repeats>_<name>, and without a picture that can be read");
        Leave("pictures_beside_folders", beside, "passed over: they lie beside folders of the form <repeats>_<name>; move them in");
        Leave("masks", masks, "left out: by their names they are masks or conditions of other pictures, which are not used yet");
        AccountForHidden();
        AccountForOthers();
        AccountForCaptions();
        return account;
    }

    void AccountForHidden()
    {
        bool IsSystems(string path) => Path.GetFileName(path).StartsWith("._", StringComparison.Ordinal);
        Leave("hidden_pictures", [.. hidden.Where(path => !IsSystems(path))], "passed over, since they are hidden files");
        int companions = hidden.Count(IsSystems);
        if (companions > 0)
            account.Takes("companion_files", $"{Listing.Count(companions, "companion file")} of macOS (._*), no pictures, passed over");
    }

    void AccountForOthers()
    {
        if (others.Count == 0) return;
        var byEnding = others.CountBy(path => Path.GetExtension(path).ToLowerInvariant())
            .Select(pair => pair.Key.Length == 0 ? $"{pair.Value} without an ending" : $"{pair.Value} {pair.Key}");
        account.Leaves("other_files", $"files that are neither pictures nor captions: {string.Join(", ", byEnding)}");
    }

    void AccountForCaptions()
    {
        if (pictures.Count == 0) return;
        account.Takes("captions", $"{captioned} of {Listing.Count(pictures.Count, "picture")} with a caption of their own");
        if (byTokens > 0)
            account.Takes("captions_by_folder", $"{Listing.Count(byTokens, "picture")} without a caption: the folder's name stands for it");
        Leave("captions_missing", captionless, "without a caption, and learnt with an empty one");
        Leave("captions_alone", alone, "captions without a picture beside them");
        Leave("captions_empty", empty, null);
        var learnt = pictures.Select(picture => Path.GetFullPath(picture.Path)).ToHashSet();
        Leave("captions_elsewhere", [.. listed.Keys.Where(path => !learnt.Contains(path))],
            $"told of in {WordList.Prose(CaptionList.Names)}, and not among the pictures that are learnt");
        Leave("captions_passed_over", passed, "not used, since the caption is told elsewhere");
        Leave("captions_with_more_lines", noted, "captions of more than one line, of which the first is learnt");
    }

    void Leave(string name, List<string> things, string? what)
    {
        if (things.Count == 0) return;
        string listed = Listing.Of(things);
        account.Leaves(name, what is null ? listed : $"{listed}: {what}");
    }
}
