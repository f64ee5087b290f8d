namespace Lowrank.Workbench;

/// <summary>Draws the pictures of one request, batch by batch, each saved as soon as its batch is finished.</summary>
sealed class PictureSeries(
    GeneratingRequest request, IReadOnlyList<ReadPrompt> wanted, TextToImage pipeline, AttachedAdapters adapters, JobRun run,
    ChangingPictures? changing)
{
    // Below this many steps most samplers do not arrive at a picture.
    const int FewSteps = 8;

    readonly List<string> written = [];
    readonly List<Picture> pictures = [];
    readonly PictureNames? names = request.IntoFile ? null : new PictureNames(request.Output, request.Written.Format.Endings[0]);
    readonly DateTimeOffset begun = DateTimeOffset.Now;
    readonly int steps = request.Options.Steps;

    /// <summary>Draws and saves them all; the grid comes last.</summary>
    /// <returns>The files written, in order.</returns>
    /// <exception cref="StoppedException">Stopped; pictures finished before are saved.</exception>
    public IReadOnlyList<string> Draw()
    {
        var stage = run.Begin("pictures", request.Count * steps);
        bool savesEach = !(request.IntoFile && request.Grid), isFirst = true;
        var there = Finished();
        foreach (int[] numbers in Batches(there))
        {
            if (there[numbers[0]] is not null)
            {
                Take([.. numbers.Select(number => there[number]!)]);
                continue;
            }
            ReadPrompt[] batch = [.. numbers.Select(number => wanted[number])];
            adapters.Use(batch[0].Adapters, request.Adapters.Count);
            var drawn = Draw(batch, WithAdapters(), stage);
            pictures.AddRange(drawn.Select(one => one.Picture));
            if (isFirst) adapters.AssertUsed();
            isFirst = false;
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
        var finished = FinishedPictures.Of(request.Output, request.Written.Format);
        foreach (var (number, one) in wanted.Index())
        {
            adapters.Use(one.Adapters, request.Adapters.Count);
            there[number] = finished.Take(pipeline.InfoText(WithAdapters() with { Prompts = [one.Text], Seeds = [one.Seed] }));
        }
        run.Say($"{there.Count(file => file is not null)} of {request.Count} pictures are there already, and are not drawn again.");
        return there;
    }

    void Take(IReadOnlyList<string> files)
    {
        written.AddRange(files);
        pictures.AddRange(request.Grid ? files.Select(PictureFile.Read) : []);
    }

    // Adapters and strengths are named as AUTOMATIC1111 does, so that the text makes the same picture there.
    GenerateOptions WithAdapters() => request.Options with
    {
        InfoTags = [.. request.Options.InfoTags, .. adapters.Working.Select(adapter => adapter.Tag)],
        InfoFields = [.. request.Options.InfoFields, .. LoraHashes()],
        BeforeStep = adapters.FollowSteps ? adapters.Begin : request.Options.BeforeStep,
        TextTurns = adapters.TextTurns,
    };

    // Prompts of one batch are encoded in one number of pieces, so that no picture depends on the prompts beside its own.
    IEnumerable<int[]> Batches(string?[] there)
    {
        var batch = new List<int>();
        int pieces = 0;
        foreach (var (number, one) in wanted.Index())
        {
            int own = pipeline.Pieces(one.Text, request.Options);
            bool goesAlong = batch.Count == 0 || own == pieces && GoesWith(number, batch[0]);
            if (batch.Count == request.Options.Batch || !goesAlong)
            {
                yield return [.. batch];
                batch.Clear();
            }
            batch.Add(number);
            pieces = own;
        }
        if (batch.Count > 0) yield return [.. batch];

        bool GoesWith(int number, int first) =>
            there[number] is null == there[first] is null && wanted[number].SharesAdapters(wanted[first]);
    }

    IReadOnlyList<DrawnPicture> Draw(ReadPrompt[] batch, GenerateOptions options, JobStage stage)
    {
        int before = request.IntoFile ? pictures.Count : written.Count;
        string which = $"{before + 1} to {before + batch.Length} of {request.Count}";
        var progress = new Reported<SamplingProgress>(p =>
            stage.Report((before + p.Share(batch.Length) * batch.Length) * steps, $"{which}, step {p.Step} of {p.Steps}"));
        try
        {
            options = options with
            {
                Prompts = [.. batch.Select(b => b.Text)],
                Seeds = [.. batch.Select(b => b.Seed)],
            };
            var drawn = pipeline.Draw(options, progress, run.Cancel);
            return changing is null ? drawn : [.. drawn.Select(changing.Finish)];
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
        if (adapters.All.Count == 0) return $"{few}A smaller guidance or another sampler may help.";
        var strengths = request.Adapters.Select(choice => $"{choice.Path}:{Quantity.Number(choice.Strength)}");
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
            throw new LowrankException($"{request.Output} was written by another call meanwhile. Give another name, or --overwrite.");
        return request.Output;
    }

    string SaveGrid()
    {
        string[]? titles = request.Seeds.Count > 1 ? [.. request.Seeds.Select(seed => $"seed {Seeds.Text(seed)}")] : null;
        return Save("grid", PictureGrid.Compose([.. pictures.Chunk(request.Seeds.Count)], request.Prompts, titles));
    }

    IEnumerable<KeyValuePair<string, string>> LoraHashes()
    {
        if (adapters.Working.Count == 0) return [];
        return [new("Lora hashes", string.Join(", ", adapters.Working.Select(adapter => $"{adapter.Name}: {adapter.Hash}")))];
    }
}
