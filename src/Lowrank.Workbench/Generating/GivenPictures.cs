namespace Lowrank.Workbench;

/// <summary>What a request changes: its pictures read, grown where they are to grow, and the size that is drawn.</summary>
/// <param name="Pictures">Picture and mask, and how they are used.</param>
/// <param name="Width">Pixels across that are drawn.</param>
/// <param name="Height">Pixels down.</param>
sealed record GivenPictures(ChangedPictures Pictures, int Width, int Height)
{
    /// <summary>Reads them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="change">What of it is changed.</param>
    /// <param name="factor">Pixels of a latent's side.</param>
    /// <param name="account">Told what is taken and what is not.</param>
    public static GivenPictures Of(GeneratingRequest request, PictureChange change, int factor, Account account)
    {
        var given = change.Read();
        if (change.Outpaint is { } margins) given = Grown(given, margins, change, factor, account);
        var picture = given.Pictures[0].Colours;
        // The picture's own size, cut to what the autoencoder can do, unless one is asked for.
        int width = request.Options.Width ?? Math.Max(picture.Width / factor * factor, factor);
        int height = request.Options.Height ?? Math.Max(picture.Height / factor * factor, factor);
        Tell(change, given, (width, height), account);
        given = WithMaskOfItsSize(given, (width, height));
        TellOfBlank(change, given, request.Options.Compat.HasOwnJobs, account);
        return new(given, width, height);
    }

    // So that the mask is blurred in the picture's pixels, and its part cut out where it lies. One of the size that is drawn is where it is
    // going.
    static ChangedPictures WithMaskOfItsSize(ChangedPictures given, (int Width, int Height) drawn)
    {
        if (given.Mask is not { } mask) return given;
        var picture = given.Pictures[0].Colours;
        var (size, own) = ((picture.Width, picture.Height), (mask.Colours.Width, mask.Colours.Height));
        bool isOfDrawn = !given.OnlyMasked && own == drawn;
        if (own == size || isOfDrawn) return given;
        var fitted = PictureFitting.Fit(mask.ToMask(given.MaskRound), picture.Width, picture.Height, PictureFit.Stretch);
        return given with { Mask = new(fitted.ToPicture(), null) };
    }

    static void Tell(PictureChange change, ChangedPictures given, (int Width, int Height) size, Account account)
    {
        var picture = given.Pictures[0].Colours;
        foreach (string path in change.Files)
            if (PictureSignature.Mismatch(path) is { } mismatch) account.Takes("picture_kind", mismatch);
        if (!change.OnlyMasked && size != (picture.Width, picture.Height))
            account.Takes("init_size",
                $"{change.Picture} has {picture.Width}x{picture.Height} pixels, and is drawn at {size.Width}x{size.Height}");
        if (change.Strength >= 1 && MaskedContents.IsOfLatents(change.Content))
            account.Leaves("idle_fill", "`fill` is not used: at a strength of 1 all begins with noise");
        TellOfMaskSize(change, given, (picture.Width, picture.Height), account);
    }

    // AUTOMATIC1111 changes the whole picture where there is no part to draw alone.
    static void TellOfBlank(PictureChange change, ChangedPictures given, bool asWebUi, Account account)
    {
        if (Blankness(change, given) is not { } blankness) return;
        if (change.OnlyMasked && !asWebUi)
            throw new LowrankException($"{change.Mask} {blankness}: there is no part to draw alone. Give a mask that is white " +
                "where the picture is to change, or leave `only masked` out.");
        account.Leaves("mask_blank", $"{change.Mask} {blankness}: " +
            (change.OnlyMasked ? "there is no part to draw alone, and the whole picture is changed" : "the picture stays as it is"));
    }

    // Why a mask holds back everything; null where it does not.
    static string? Blankness(PictureChange change, ChangedPictures given)
    {
        if (given.Mask is not { } mask) return null;
        var levels = mask.ToMask(given.MaskRound);
        if (change.Inverts) levels = levels.Inverted();
        if (levels.IsBlack) return "marks nothing";
        bool isWashedOut = MaskBlur.Gaussian(levels, given.MaskBlur.Across, given.MaskBlur.Down).IsBlack;
        return isWashedOut ? $"marks nothing once it is blurred by `mask blur` {change.MaskBlur}" : null;
    }

    static void TellOfMaskSize(PictureChange change, ChangedPictures given, (int Width, int Height) size, Account account)
    {
        if (given.Mask is { Colours: var mask } && (mask.Width, mask.Height) != size)
            account.Takes("mask_size", $"{change.Mask} has {mask.Width}x{mask.Height} pixels, and is brought to the picture's size");
    }

    // With what is to be drawn around it; its own mask comes to its size first.
    static ChangedPictures Grown(ChangedPictures given, Outpainting asked, PictureChange change, int factor, Account account)
    {
        var picture = given.Pictures[0].On(Colour.White);
        var (width, height) = (picture.Width, picture.Height);
        var margins = asked.Rounded(width, height, factor);
        var mask = Mask.Filled(width, height, 0);
        if (given.Mask is { } own)
        {
            TellOfMaskSize(change, given, (width, height), account);
            mask = PictureFitting.Fit(own.ToMask(given.MaskRound), width, height, PictureFit.Stretch);
        }
        if (margins != asked)
            account.Takes("outpaint_size", $"{change.Picture} grows by {margins.Text} pixels, so that its sides are multiples of {factor}");
        return given with { Pictures = [new(margins.Around(picture), null)], Mask = new(margins.Around(mask).ToPicture(), null) };
    }
}
