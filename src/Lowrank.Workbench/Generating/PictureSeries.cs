namespace Lowrank.Workbench;

/// <summary>Draws the pictures of one request, batch by batch, each saved as soon as its batch is finished.</summary>
sealed class PictureSeries(GeneratingRequest request, IReadOnlyList<ReadPrompt> wanted, IPicturePipeline pipeline, JobRun run)
{
    /// <summary>What the stage of its progress is called.</summary>
    public const string Stage = "pictures";

    // Below this many steps most samplers do not arrive at a picture.
    const int FewSteps = 8;

    readonly List<string> written = [];
    // A grid alone wants them all at once.
    readonly List<Picture> pictures = [];
    readonly PictureNames? names = request.IntoFile ? null : new PictureNames(request.Output, request.Written.Format.Endings[0]);
    readonly DateTimeOffset begun = DateTimeOffset.Now;
    readonly int steps = request.Options.Steps;
    int done;

    /// <summary>Draws and saves them all; the grid comes last.</summary>
    /// <returns>The files written, in order.</returns>
    /// <exception cref="StoppedException">Stopped; pictures finished before are saved.</exception>
    public IReadOnlyList<string> Draw()
    {
        var stage = run.Begin(Stage, request.Count * steps);
        bool savesEach = !(request.IntoFile && request.Grid);
        var there = Finished();
        foreach (int[] numbers in Batches(there))
        {
            if (there[numbers[0]] is not null)
            {
                Take([.. numbers.Select(number => there[number]!)]);
                continue;
            }
            ReadPrompt[] batch = [.. numbers.Select(number => wanted[number])];
            var drawn = Draw(batch, stage);
            done += drawn.Count;
            if (request.Grid) pictures.AddRange(drawn.Select(one => one.Picture));
            if (!savesEach) continue;
            foreach (var (one, prompt) in drawn.Zip(batch)) written.Add(Save(Seeds.Text(prompt.Seed), one));
        }
        if (request.Grid) written.Add(SaveGrid());
        stage.Done();
        return written;
    }

    // For each that is wanted the file of a call before; null where it is to be drawn.
    string?[] Finished()
    {
        var there = new string?[wanted.Count];
        if (!request.Resume) return there;
        var finished = FinishedPictures.Of(
            request.Output, request.Written.Format, takesTiled: request.Options.Tiling == TilingChoice.Auto);
        string pictures = finished.Unread.Count == 1 ? "a picture" : "pictures";
        if (finished.Unread.Count > 0)
            run.Say($"{Listing.Of(finished.Unread)} cannot be read as {pictures} (left of a full disk, or of a copy?), and what was to " +
                "stand there is drawn under another name");
        foreach (var (number, one) in wanted.Index()) there[number] = finished.Take(pipeline.InfoText(one));
        int count = there.Count(file => file is not null);
        run.Say(count == 0
            ? $"None of {Listing.Count(request.Count, "picture")} is there yet."
            : $"{count} of {Listing.Count(request.Count, "picture")} {(count == 1 ? "is" : "are")} there already, and not drawn again.");
        return there;
    }

    void Take(IReadOnlyList<string> files)
    {
        written.AddRange(files);
        done += files.Count;
        pictures.AddRange(request.Grid ? files.Select(PictureFile.Read) : []);
    }

    IEnumerable<int[]> Batches(string?[] there)
    {
        var batch = new List<int>();
        int most = pipeline.Most;
        for (int number = 0; number < wanted.Count; number++)
        {
            if (batch.Count == most || batch.Count > 0 && !GoesWith(number, batch[0]))
            {
                yield return [.. batch];
                batch.Clear();
            }
            batch.Add(number);
        }
        if (batch.Count > 0) yield return [.. batch];

        bool GoesWith(int number, int first) =>
            there[number] is null == there[first] is null && pipeline.GoesWith(wanted[number], wanted[first]);
    }

    IReadOnlyList<DrawnPicture> Draw(ReadPrompt[] batch, JobStage stage)
    {
        int before = done;
        string which = $"{before + 1} to {before + batch.Length} of {request.Count}";
        var progress = new Reported<SamplingProgress>(p =>
            stage.Report((before + p.Share(batch.Length) * batch.Length) * steps, $"{which}, step {p.Step} of {p.Steps}"));
        try
        {
            return pipeline.Draw(batch, progress, run.Cancel);
        }
        catch (SpoiltPictureException error)
        {
            string kept = written.Count == 0 ? "" : $" {written.Count} pictures were saved before, the last as {written[^1]}.";
            throw new LowrankException($"{error.Message}. {Advice()}{kept}", error);
        }
        catch (OperationCanceledException)
        {
            throw new StoppedException(written.Count == 0
                ? "Stopped; nothing was saved."
                : $"Stopped; saved {written.Count} of {request.Count} pictures, the last as {written[^1]}.");
        }
    }

    string Save(string what, DrawnPicture drawn)
    {
        string path = request.Names is { } pattern ? SaveBy(pattern, drawn.Picture) : Save(what, drawn.Picture);
        if (drawn.IsFarOut)
            run.Say($"{path} shows nothing that the model knows: its latents deviate by {Quantity.Number(drawn.Deviation)}, " +
                $"where about 1 is usual. {Advice()}");
        return path;
    }

    string Advice()
    {
        string few = steps < FewSteps ? $"{steps} sampling steps are few; 20 are usual. " : "";
        AdapterChoice[] adapters = [.. request.Adapters, .. wanted.SelectMany(one => one.Adapters)];
        if (adapters.Length == 0) return $"{few}A smaller guidance or another sampler may help.";
        var strengths = adapters.Select(choice => $"{choice.Path}:{Quantity.Number(choice.Strength)}").Distinct();
        return $"{few}Is the strength of {string.Join(" or ", strengths)} too far from 1, or its training diverged?";
    }

    // Under a name that nobody has taken, another call of the same moment included.
    string Save(string what, Picture picture)
    {
        if (names is null) return SaveAsNamed(picture);
        string path;
        do path = names.Next(what);
        while (!PictureFile.SaveNew(path, picture, encoding: request.Written));
        return path;
    }

    string SaveBy(FileNamePattern pattern, Picture picture)
    {
        var facts = NamedPicture.Facts(picture, request, written.Count, begun);
        return names!.By(pattern, facts).First(path => PictureFile.SaveNew(path, picture, encoding: request.Written));
    }

    string SaveAsNamed(Picture picture)
    {
        if (request.Overwrite) PictureFile.Save(request.Output, picture, encoding: request.Written);
        else if (!PictureFile.SaveNew(request.Output, picture, encoding: request.Written))
            throw new LowrankException($"{request.Output} was written by another call meanwhile. Give another name, or `overwrite`.");
        return request.Output;
    }

    string SaveGrid() => Save("grid", SeriesGrid.Of(request, [.. wanted.Take(request.Seeds.Count)], pictures));
}
