namespace Lowrank.Workbench;

/// <summary>What a request that changes a picture adds to the drawing of it.</summary>
sealed class ChangingPictures : IDisposable
{
    readonly PreparedPictures prepared;
    readonly DisposeScope scope = NewDisposeScope();

    /// <summary>Brings the pictures to the size.</summary>
    /// <param name="request">The request.</param>
    /// <param name="change">What of it is changed.</param>
    /// <param name="given">The pictures.</param>
    public ChangingPictures(GeneratingRequest request, PictureChange change, GivenPictures given)
    {
        try
        {
            var (facts, comments) = (new InfoFields(), new List<string>());
            prepared = new(given.Pictures, given.Width, given.Height, Colour.White, correctsColours: false, facts, comments);
            Options = request.Options with
            {
                Width = given.Width, Height = given.Height, Start = StartOf(change),
                InfoFields = [.. request.Options.InfoFields, .. facts.Ordered, .. change.Fields()],
            };
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    /// <summary>The options with the pictures in them.</summary>
    public GenerateOptions Options { get; }

    /// <summary>What was drawn, with its surroundings again: there it is the original, byte for byte.</summary>
    public DrawnPicture Finish(DrawnPicture drawn)
    {
        var finished = prepared.Finish(drawn.Picture, 0, overlaysOriginal: true);
        var told = new Picture(finished.Width, finished.Height, finished.Pixels) { InfoText = drawn.Picture.InfoText };
        return drawn with { Picture = told };
    }

    LatentStart StartOf(PictureChange change)
    {
        var pixels = PictureTransforms.ToTensor(prepared.Pictures[0]).unsqueeze(0);
        return prepared.Mask is { } masked
            ? new InpaintStart(pixels, masked.ToTensor(), change.Strength) { Content = change.Content }
            : new PictureStart(pixels, change.Strength);
    }

    /// <inheritdoc/>
    public void Dispose() => scope.Dispose();
}
