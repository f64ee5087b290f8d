namespace Lowrank.Workbench;

/// <summary>What a picture's text tells for its file's name.</summary>
static class NamedPicture
{
    /// <summary>The facts of a picture that was drawn.</summary>
    /// <param name="picture">The picture, with its text.</param>
    /// <param name="request">The request.</param>
    /// <param name="number">Which of the request's pictures, from 0.</param>
    /// <param name="begun">When the request's first picture was begun.</param>
    public static FileNameFacts Facts(Picture picture, GeneratingRequest request, int number, DateTimeOffset begun)
    {
        var info = InfoText.Parse(picture.InfoText ?? "");
        var options = request.Options;
        string prompt = request.Prompts[number / request.Seeds.Count];
        return new(picture.Width, picture.Height, picture.Pixels)
        {
            Seed = info[InfoLabel.Seed] is { } seed ? Seeds.Read(seed) : null,
            Prompt = prompt,
            ModelName = info[InfoLabel.Model] ?? "",
            ModelHash = info[InfoLabel.ModelHash] ?? "",
            ClipSkip = options.ClipSkip,
            Styles = request.Styled,
            Job = new(prompt, options.NegativePrompt ?? "", options.Steps, options.GuidanceScale, info["Sampler"] ?? "",
                info[InfoLabel.Schedule] ?? WebUiSamplers.Automatic, request.Seeds)
            {
                BatchSize = request.Count,
                IndexInBatch = number,
                Styles = [.. request.Styled.Styles.Select(style => style.Name)],
                User = Environment.UserName,
                Begun = begun,
            },
        };
    }
}
