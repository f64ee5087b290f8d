namespace Lowrank.Workbench;

/// <summary>The few forms that axes over requests for pictures have.</summary>
static class AxisForms
{
    /// <summary>An axis over the options of how pictures are made.</summary>
    /// <param name="label">What it is called, in AUTOMATIC1111's words where that has it.</param>
    /// <param name="name">What the option is called here.</param>
    /// <param name="kind">What its values are.</param>
    /// <param name="set">The options with a value.</param>
    public static GridAxis<GeneratingRequest> Option(
        string label, string name, GridValueKind kind, Func<GenerateOptions, GridValue, GenerateOptions> set) =>
        new(label, kind, (request, value, _) => request with { Options = set(request.Options, value) }) { Name = name };

    /// <summary>The same, where what the axis sets is not taken from an adapter's own settings.</summary>
    public static GridAxis<GeneratingRequest> Chosen(GivenSampling given, GridAxis<GeneratingRequest> axis) => axis with
    {
        Set = (request, value, all) => axis.Set(request with { Given = request.Given | given }, value, all),
    };

    /// <summary>An axis over the second pass.</summary>
    /// <inheritdoc cref="Option"/>
    public static GridAxis<GeneratingRequest> Hires(
        string label, string name, GridValueKind kind, Func<HiresOptions, GridValue, HiresOptions> set) =>
        Option(label, name, kind, (options, value) => options with
        {
            Hires = set(options.Hires ?? throw Lacking(name, "a second pass", "`hires`, or the axis \"hires\""), value),
        }) with { Turn = 1 };

    /// <summary>An axis over the picture that is changed.</summary>
    /// <inheritdoc cref="Option"/>
    public static GridAxis<GeneratingRequest> Change(
        string label, string name, GridValueKind kind, Func<PictureChange, GridValue, PictureChange> set) =>
        new(label, kind, (request, value, _) => request with
        {
            Change = set(request.Change ?? throw Lacking(name, "a picture that is changed", "`init`, or the axis \"init\""), value),
        }) { Name = name, Turn = 1 };

    /// <summary>What an axis is told that has nothing to set.</summary>
    public static LowrankException Lacking(string name, string what, string option) =>
        new($"A grid over \"{name}\" needs {what}: give {option}");

    /// <summary>A whole number of 32 bits.</summary>
    /// <exception cref="LowrankException">It is larger.</exception>
    public static int Int(GridValue value) => value.Whole is >= int.MinValue and <= int.MaxValue
        ? (int)value.Whole
        : throw new RequestException($"{value.Text} is too large a number here");

    /// <summary>A word of an enumeration; capitals, blanks and hyphens make no difference.</summary>
    /// <exception cref="LowrankException">There is no such word; all are told.</exception>
    public static T Word<T>(GridValue value) where T : struct, Enum
    {
        string plain = value.Text.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        if (Enum.GetNames<T>().FirstOrDefault(name => name.Equals(plain, StringComparison.OrdinalIgnoreCase)) is { } known)
            return Enum.Parse<T>(known);
        throw new RequestException($"there is no \"{value.Text}\"; there are {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");
    }

    /// <summary>Pixels across and down, as in 512x768.</summary>
    /// <exception cref="LowrankException">It is no size.</exception>
    public static (int Width, int Height) Size(GridValue value)
    {
        int?[] sides = [.. value.Text.Split('x').Select(PlainValue.ReadWhole)];
        if (sides is [> 0 and { } width, > 0 and { } height]) return (width, height);
        throw new RequestException($"{PlainValue.Misread("a size", value.Text, "size")}. Write it as 512x768.");
    }

    /// <summary>Whether a value stands for nothing.</summary>
    public static bool IsNone(GridValue value) => value.Text.ToLowerInvariant() is "" or "none";

    /// <summary>Makes sure that all values are seeds.</summary>
    public static void CheckSeeds(GeneratingRequest request, IReadOnlyList<GridValue> values)
    {
        if (values.FirstOrDefault(value => value.Whole < -1) is { } wrong)
            throw new RequestException($"{wrong.Text} is no seed; they begin at 0, and -1 draws one.");
    }

    /// <summary>A label that is the value alone.</summary>
    public static string Alone(GridValue value) => value.Text;

    /// <summary>A label that is the name of the file or folder that the value names.</summary>
    public static string FileName(GridValue value) => PlaceName.Of(value.Text);
}
