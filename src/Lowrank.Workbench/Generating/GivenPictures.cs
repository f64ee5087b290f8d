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
        return new(given, width, height);
    }

    static void Tell(PictureChange change, ChangedPictures given, (int Width, int Height) size, Account account)
    {
        var picture = given.Pictures[0].Colours;
        foreach (string path in change.Files)
            if (PictureSignature.Mismatch(path) is { } mismatch) account.Takes("picture_kind", mismatch);
        if (!change.OnlyMasked && size != (picture.Width, picture.Height))
            account.Takes("init_size",
                $"{change.Picture} has {picture.Width}x{picture.Height} pixels, and is drawn at {size.Width}x{size.Height}");
        if (change.Strength >= 1 && change.Content is MaskedContent.Noise or MaskedContent.Nothing)
            account.Leaves("idle_fill", "--fill is not used: at a strength of 1 all begins with noise");
        TellOfMask(change, given, account);
    }

    static void TellOfMask(PictureChange change, ChangedPictures given, Account account)
    {
        var picture = given.Pictures[0].Colours;
        if (given.Mask is { Colours: var mask } && (mask.Width, mask.Height) != (picture.Width, picture.Height))
            account.Takes("mask_size", $"{change.Mask} has {mask.Width}x{mask.Height} pixels, and is brought to the picture's size");
        if (given.Mask?.ToMask() is { } levels && (change.Inverts ? levels.Inverted() : levels).IsBlack)
            account.Leaves("mask_blank", $"{change.Mask} marks nothing: " +
                (change.OnlyMasked ? "there is no part to draw alone, and the whole picture is changed" : "the picture stays as it is"));
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
            if ((own.Colours.Width, own.Colours.Height) != (width, height))
                account.Takes("mask_size",
                    $"{change.Mask} has {own.Colours.Width}x{own.Colours.Height} pixels, and is brought to the picture's size");
            mask = PictureFitting.Fit(own.ToMask(given.MaskRound), width, height, PictureFit.Stretch);
        }
        if (margins != asked)
            account.Takes("outpaint_size", $"{change.Picture} grows by {margins.Text} pixels, so that its sides are multiples of {factor}");
        return given with { Pictures = [new(margins.Around(picture), null)], Mask = new(margins.Around(mask).ToPicture(), null) };
    }
}
